/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb node: what a container does for the machine that it runs on, whose root it sees in
 * a folder. Files go there, so that the machine's own service arms it at each boot, before
 * containers are; all else is other verbs of this program, run with that folder as their root.
 */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/numbers.h"
#include "host/file_tree.h"
#include "host/root.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "kexec/plan.h"
#include "machine/child.h"

#define USUAL_ROOT "/host"
#define USUAL_TREE "/node"
#define USUAL_EVERY 900		/* seconds */
#define END_S 20.0		/* that a verb gets when the container is to end */
#define NOT_RUN 127

struct node {
	const char *root, *tree;
	unsigned every_s;
	bool once, removes;
	int self;		/* this program's file: in the node's root it has no name */
	int signal_fd;		/* of who ends us */
	bool is_ended;
	bool is_told;		/* that nothing is reserved */
};

static bool ends(struct node *n, int came)
{
	n->is_ended |= came == SIGTERM || came == SIGINT;
	return n->is_ended;
}

/* A verb there; its exit status. What hangs when we are to end is killed. */
static int run_there(struct node *n, const char *const argv[])
{
	pid_t pid = child_start_bound();
	double until = 0;
	int status = 0;

	if (!pid) {
		if (!chroot(n->root) && !chdir("/"))
			fexecve(n->self, (char *const *)argv, environ);
		log_info("%s: cannot run crashbox there: %s", n->root, strerror(errno));
		_exit(NOT_RUN);
	}
	if (pid < 0) {
		log_info("no process: %s", strerror(errno));
		return NOT_RUN;
	}
	while (!child_reap(pid, &status)) {
		if (ends(n, child_tick(n->signal_fd)) && !until)
			until = monotonic_seconds() + END_S;
		if (until && monotonic_seconds() > until)
			kill(pid, SIGKILL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : NOT_RUN;
}

#define RUN(n, ...) run_there(n, (const char *const[]){ "crashbox", __VA_ARGS__, NULL })

/* Is that file, by its path there, still what was loaded? */
static bool is_still(const struct node *n, const struct file_fact *then)
{
	char path[HOST_PATH_MAX];
	struct err ignored;

	return root_path(path, n->root, then->path, &ignored) && file_is_still(then, path);
}

static bool is_loaded(const struct node *n, const struct kexec_state *state)
{
	struct loaded l;
	struct err ignored;

	return state->loaded && loaded_read(&l, n->root, &ignored) && is_still(n, &l.kernel) &&
	       is_still(n, &l.initrd);
}

/* To reboot a node is not ours. */
static void tell_unreserved(struct node *n)
{
	if (!n->is_told)
		log_warn("this node is not armed: no memory is reserved, as its kernel was "
			 "started without crashkernel=SIZE. `crashbox node reserve` puts that "
			 "in its boot loader where it knows how; then it has to be rebooted, "
			 "which is left to you");
	n->is_told = true;
}

static bool arm(struct node *n, bool is_new)
{
	struct kexec_state state;

	kexec_state(&state, n->root);
	if (!state.reserved) {
		tell_unreserved(n);
		return false;
	}
	n->is_told = false;
	/* One that cannot be renewed is better than none. */
	RUN(n, "image", "--if-needed");
	if (n->is_ended || (!is_new && is_loaded(n, &state)))
		return true;
	return !RUN(n, "load");
}

/* Once around. False: this node is not armed. */
static bool look_after(struct node *n, bool is_first)
{
	unsigned n_changed = 0;
	struct err e;
	bool ok = file_tree_lay(n->tree, n->root, &n_changed, &e);

	if (!ok)
		log_warn("%s; the node keeps what it has", e.text);
	else if (n_changed)
		log_info("%u files below %s are changed", n_changed, n->root);
	ok &= arm(n, n_changed);
	if (is_first && !n->is_ended)
		RUN(n, "pstore");
	if (!n->is_ended)
		RUN(n, "ship", "--if-configured");
	return ok;
}

/* It has the node's key in it. Where nothing of ours was, the image is not ours either. */
static bool remove_image(const struct node *n)
{
	char path[HOST_PATH_MAX];
	struct err e;

	if (!root_path(path, n->root, DEFAULT_IMAGE, &e) || (unlink(path) && errno != ENOENT)) {
		log_warn("%s is left there: %s", DEFAULT_IMAGE, strerror(errno));
		return false;
	}
	return true;
}

static bool take_away(struct node *n)
{
	unsigned n_removed = 0;
	struct kexec_state state;
	struct err e;
	bool ok = true;

	kexec_state(&state, n->root);
	if (state.loaded)
		ok = !RUN(n, "unload");
	if (!file_tree_remove(n->root, &n_removed, &e)) {
		log_warn("%s", e.text);
		ok = false;
	}
	if (n_removed)
		ok &= remove_image(n);
	log_info("%u files below %s are removed; what crashes have left stays, and so does "
		 "crashkernel=, which `crashbox node reserve --undo` takes away", n_removed,
		 n->root);
	return ok;
}

static bool is_armed(const struct node *n)
{
	struct kexec_state state;

	kexec_state(&state, n->root);
	return state.loaded;
}

static void rest(struct node *n)
{
	double until = monotonic_seconds() + n->every_s;

	while (!n->is_ended && monotonic_seconds() < until)
		ends(n, child_tick(n->signal_fd));
}

static bool prepare(struct node *n, struct err *e)
{
	sigset_t which;

	sigemptyset(&which);
	sigaddset(&which, SIGCHLD);
	sigaddset(&which, SIGTERM);
	sigaddset(&which, SIGINT);
	n->self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (n->self < 0)
		return fail(e, errno, "/proc/self/exe: %s", strerror(errno));
	if (!root_exists(n->root, "/proc/self") || !root_exists(n->root, "/sys/kernel"))
		return fail(e, ENOENT, "%s: is not the root of a machine: /proc and /sys are "
			    "to be in it, as in a hostPath volume of /", n->root);
	n->signal_fd = child_signals(&which);
	return true;
}

static bool take_every(void *into, const char *value, struct err *e)
{
	return number_parse_seconds(value, 1, &((struct node *)into)->every_s, e);
}

static const struct option_row options[] = {
	OPTION_TEXT("root", "DIR", struct node, root,
		.help = "where the node's / is seen (default " USUAL_ROOT ")"),
	OPTION_TEXT("tree", "DIR", struct node, tree, .help =
		"the files that the node is to have, each in its place below that folder "
		"(default " USUAL_TREE ")"),
	OPTION_CALL("every", "TIME", take_every,
		.help = "how often all is looked at again (default 15m)"),
	OPTION_FLAG("once", struct node, once,
		.help = "once only; exit status 0 when the node is armed, or disarmed"),
	OPTION_FLAG("remove", struct node, removes,
		.help = "unload what is loaded and take the files away, then wait for the end"),
	OPTION_END_IN_FRONT
};

static int run(int argc, char **argv)
{
	struct node n = { .root = USUAL_ROOT, .tree = USUAL_TREE, .every_s = USUAL_EVERY };
	struct operands words;
	struct err e;
	bool ok;

	if (!verb_options(&verb_node, &n, argc, argv, &words))
		return 1;
	if (!prepare(&n, &e)) {
		log_info("%s", e.text);
		return words.n ? NOT_RUN : 1;
	}
	if (words.n) {
		words.words[words.n] = NULL;	/* there is room: options stood in front */
		return run_there(&n, (const char *const *)words.words - 1);
	}
	ok = n.removes ? take_away(&n) : look_after(&n, true);
	if (n.once)
		return ok ? 0 : 1;
	while (!n.is_ended) {
		rest(&n);
		if (!n.is_ended && !n.removes)
			look_after(&n, false);
		/* By one of us that was just at it when it had to end. */
		if (!n.is_ended && n.removes && is_armed(&n))
			take_away(&n);
	}
	return 0;
}

const struct verb verb_node = {
	.name = "node",
	.operands = "[VERB ...]",
	.summary = "from a container: arm the machine that it runs on, and keep it so",
	.options = options,
	.about =
"Lays the files of --tree over the node's root, where its own service finds them at each\n"
"boot, loads the capture kernel now, saves what pstore has and ships what crashes have left;\n"
"again whenever something has changed. What was there before and is not the container's is\n"
"never replaced. It goes on until the container ends, and the node stays armed then. A node\n"
"where no memory is reserved is told of, and never rebooted. With a VERB, that verb is run\n"
"with the node's root as its own.\n",
	.more =
"Exit status: 0, or 1 with --once when it is not so; with a VERB, that verb's,\n"
"or 127 where it could not be run.\n",
	.run = run,
};
