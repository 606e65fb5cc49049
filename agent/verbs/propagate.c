/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb propagate: from a server that the operator may log in to, to a target that a
 * capture can use: our key is let in there, its key is pinned here.
 */
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "config/config.h"
#include "host/whole_file.h"
#include "image/keyfile.h"
#include "ssh_tools.h"
#include "targets/target_kinds.h"

#define DEFAULT_KEY "/etc/crashbox.key"

struct propagate_words {
	const char *config, *fingerprint, *ssh;
};

static const struct option_row options[] = {
	OPTION_CONFIG(struct propagate_words, config),
	OPTION_TEXT("fingerprint", "SHA256:...", struct propagate_words, fingerprint,
		.help = "of the server's Ed25519 key, as it is known already; nobody is asked"),
	OPTION_SSH(struct propagate_words, ssh),
	OPTION_END
};

struct job {
	const struct propagate_words *w;
	char text[CONFIG_FILE_MAX];	/* of the configuration */
	struct config config;
	char target[TARGET_MAX];
	struct remote server;
	char key_file[sizeof(((struct config *)0)->ssh.key)];
	char pub[SSH_TOOL_TEXT], host_key[SSH_TOOL_TEXT];
};

/* A configuration may be only half there: what it lacks is what is put in here. */
static bool read_config(struct job *j, const char *target, struct err *e)
{
	config_init(&j->config);
	j->config.told = config_pass_over;
	if (!read_text(j->w->config, j->text, sizeof(j->text), e) && e->code != ENOENT)
		return false;
	if (strlen(j->text) >= sizeof(j->text) - 1)
		return fail(e, EFBIG, "%s: too long", j->w->config);
	config_text(&j->config, j->text, j->w->config, e);
	for (unsigned i = 0; !target && i < j->config.n_targets; i++)
		if (target_needs(j->config.targets[i], NEEDS_CLIENT))
			target = j->config.targets[i];
	if (!target)
		return fail(e, EINVAL, "%s has no target sftp:, and none is named",
			    j->w->config);
	snprintf(j->target, sizeof(j->target), "%s", target);
	if (!target_check(target, e))
		return false;
	if (!target_needs(target, NEEDS_CLIENT) || !target_host_of(target, &j->server))
		return fail(e, EINVAL, "%s: no server by SSH", target);
	snprintf(j->key_file, sizeof(j->key_file), "%s",
		 j->config.ssh.key[0] ? j->config.ssh.key : DEFAULT_KEY);
	return true;
}

/* Is it the server? Who runs this knows, or the configuration does. */
static bool believe(const struct job *j, struct err *e)
{
	char print[SSH_TOOL_TEXT], answer[16];

	for (unsigned i = 0; i < j->config.ssh.n_host_keys; i++)
		if (!strcmp(j->config.ssh.host_keys[i], j->host_key))
			return true;
	if (!ssh_tool_fingerprint(j->host_key, print, e))
		return false;
	if (j->w->fingerprint)
		return !strcmp(print, j->w->fingerprint) ||
		       fail(e, EPERM, "%s shows another key, %s: nothing was done",
			    j->server.host, print);
	printf("The Ed25519 key of %s port %u is %s.\n"
	       "Only its own console can tell whether it is (ssh-keygen -lf "
	       "/etc/ssh/ssh_host_ed25519_key.pub).\nIs that its key? (yes/no) ",
	       j->server.host, j->server.port, print);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) && !strcmp(answer, "yes\n"))
		return true;
	return fail(e, EPERM, "the server's key was not accepted: nothing was done");
}

/* Lines that it does not have yet stand at its end. */
static bool write_config(struct job *j, struct err *e)
{
	char text[CONFIG_FILE_MAX + 1024];
	struct blob data = { (uint8_t *)text, 0 };
	bool has_target = false, has_key = false;
	size_t len = snprintf(text, sizeof(text), "%s%s", j->text, j->text[0] ? "\n" : "");

	for (unsigned i = 0; i < j->config.n_targets; i++)
		has_target |= !strcmp(j->config.targets[i], j->target);
	for (unsigned i = 0; i < j->config.ssh.n_host_keys; i++)
		has_key |= !strcmp(j->config.ssh.host_keys[i], j->host_key);
	if (has_target && has_key && j->config.ssh.key[0])
		return true;
	if (!has_target)
		len += snprintf(text + len, sizeof(text) - len, "target %s\n", j->target);
	if (!j->config.ssh.key[0])
		len += snprintf(text + len, sizeof(text) - len, "ssh_key %s\n", j->key_file);
	if (!has_key)
		len += snprintf(text + len, sizeof(text) - len, "ssh_host_key %s\n",
				j->host_key);
	data.len = len;
	return file_replace(j->w->config, &data, e);
}

/* In the way of all verbs, with the client and the keys that a capture has. */
static bool try_it(const struct job *j, struct err *e)
{
	const char *argv[] = { "/proc/self/exe", "list", "--config", j->w->config, NULL, NULL,
			       NULL, NULL };
	char ignored[SSH_TOOL_TEXT];
	unsigned n = 4;

	if (j->w->ssh) {
		argv[n++] = "--ssh";
		argv[n++] = j->w->ssh;
	}
	argv[n] = j->target;
	return ssh_tool_run(argv, ignored, e) || within(e, "%s: tried in vain", j->target);
}

static bool propagate(struct job *j, const char *target, struct err *e)
{
	return read_config(j, target, e) && ssh_tool_host_key(&j->server, j->host_key, e) &&
	       believe(j, e) && ssh_tool_key(j->key_file, j->pub, e) &&
	       keyfile_check(j->key_file, j->key_file, e) &&
	       ssh_tool_let_in(&j->server, j->host_key, j->pub, e) && write_config(j, e) &&
	       try_it(j, e);
}

static int run(int argc, char **argv)
{
	struct propagate_words w = { .config = DEFAULT_CONFIG };
	struct operands words;
	struct job j = { .w = &w };
	struct err e;

	if (!verb_options(&verb_propagate, &w, argc, argv, &words))
		return 1;
	if (words.n > 1)
		return usage("propagate takes one target, not '%s' too", words.words[1]);
	if (!propagate(&j, words.n ? words.words[0] : NULL, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	printf("%s lets this machine in; %s has its key and ours, %s\n", j.server.host,
	       w.config, j.key_file);
	return 0;
}

const struct verb verb_propagate = {
	.name = "propagate",
	.operands = "[TARGET]",
	.summary = "let this machine in on an SFTP server, and pin its key",
	.options = options,
	.about =
"TARGET is sftp:USER@HOST[:PORT]:/FOLDER; without one the first of the configuration.\n"
"Made is a key of this machine (ssh_key, else " DEFAULT_KEY "), if it is not there.\n"
"The operator's own ssh logs in as USER, by whatever it takes, makes FOLDER, and adds to\n"
"authorized_keys a line that lets this key have SFTP and nothing else. The server's key is\n"
"shown first, and asked about, unless the configuration pins it. Lines that the\n"
"configuration lacks are added to it.\n",
	.more = "Exit status: 0 the server was reached with this key, 1 it was not.\n",
	.run = run,
};
