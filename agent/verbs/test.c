/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture without a crash: supervise/supervise and supervise/session, as in the capture
 * kernel, on this machine's memory or a saved core, to the targets as they are.
 */
#include "verb.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "config/config.h"
#include "config/resolve.h"
#include "crash_test.h"
#include "host/mounts.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "ready/advice.h"
#include "ready/machine_health.h"
#include "supervise/supervise.h"
#include "targets/connect.h"
#include "targets/target_kinds.h"

#define LIVE "/proc/kcore"	/* this machine's memory, as a core */
#define UNMOUNT_S 10

struct testing {
	struct config config;
	struct supervisor supervisor;
};

/* Only this process and its children see what is mounted, and the name NFS is told. */
static bool hide_mounts(const struct config *config, struct rehearsal *r, struct err *e)
{
	const char *const files[] = { r->core, r->ssh, config->ssh.key, NULL };

	if (!config_needs(config, NEEDS_MOUNT))
		return true;
	if (geteuid())
		return fail(e, EPERM, "only root may mount what the targets are on");
	return mounts_go_private(files, r->mount_at, e);
}

/* What a child that had to be killed has left; by force, as the server may be gone. */
static void unmount_all(void *ctx)
{
	const struct testing *t = ctx;
	char path[80];

	for (unsigned i = 0; i < t->config.n_targets; i++) {
		snprintf(path, sizeof(path), "%s/%u", t->supervisor.rehearsal->mount_at, i);
		umount2(path, MNT_FORCE | MNT_DETACH);
	}
}

/* Why it is not as it should be, and whether somebody has to tidy up. */
static void print_failure(const struct testing *t, unsigned nr)
{
	const struct fate *fate = &t->supervisor.shared->fates[nr];
	bool whole = t->supervisor.rehearsal->results[nr].whole;
	bool left = fate->folder[0] && !t->supervisor.rehearsal->results[nr].removed;
	const char *folder = strrchr(fate->folder, '/');

	printf("fail  target %u  %s: %s%s%s%s\n", nr + 1, t->config.targets[nr],
	       fate->why[0] ? fate->why : whole ? "it took all" : "the dump is not whole",
	       left ? "; what was written could not be removed: " : "",
	       left && folder ? folder + 1 : "", left ? " is left there" : "");
}

static unsigned print_results(const struct testing *t)
{
	const struct rehearsal *r = t->supervisor.rehearsal;
	unsigned n_good = 0;

	for (unsigned i = 0; i < t->config.n_targets; i++) {
		char len[32];

		if (!r->results[i].whole || !r->results[i].removed) {
			print_failure(t, i);
			continue;
		}
		format_bytes(r->results[i].len, len, sizeof(len));
		printf("ok    target %u  %s: %s in %.1f s, read back, removed again\n", i + 1,
		       t->config.targets[i], len, r->results[i].seconds);
		n_good++;
	}
	return n_good;
}

/* Before anything is mounted: every target would say the same of it. */
static bool check_core(const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char magic[SELFMAG];
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || read(fd, magic, SELFMAG) != SELFMAG ||
	    memcmp(magic, ELFMAG, SELFMAG))
		return fail(e, EINVAL, "%s: not a core: it is no ELF file", path);
	return true;
}

static bool prepare(struct testing *t, const char *core, const struct health_want *want,
		    struct err *e)
{
	const char *file = want->config ? want->config : DEFAULT_CONFIG;
	struct supervisor *s = &t->supervisor;
	sigset_t signals;
	struct err why;

	config_init(&t->config);
	if (!config_file(&t->config, file, NULL, e) || !resolve_targets(&t->config, e))
		return false;
	if (!config_check(&t->config, e))
		return within(e, "%s", file);
	if (!supervise_begin(s, e))
		return false;
	s->config = &t->config;
	s->rehearsal = &s->shared->rehearsal;
	s->rehearsal->core = core ? core : LIVE;
	s->rehearsal->ssh = connect_client(want->ssh);
	if (!check_core(s->rehearsal->core, &why))
		return fail(e, why.code, "%s%s", why.text,
			    core ? "" : " (only root may read it, and not where the kernel "
				   "is locked down; give a saved core instead)");
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	s->signal_fd = child_signals(&signals);
	s->deadline = monotonic_seconds() + t->config.deadline_s;
	return hide_mounts(&t->config, s->rehearsal, e);
}

static int rehearse(const char *core, const struct health_want *want)
{
	struct testing t = { .config.n_targets = 0 };
	uint64_t still = 0;
	unsigned n_good;
	struct err e;

	if (!prepare(&t, core, want, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	supervise(&t.supervisor);
	if (t.supervisor.rehearsal->mount_at[0] &&
	    !guard_run(unmount_all, &t, &still, UNMOUNT_S, &e))
		log_warn("unmounting: %s", e.text);
	n_good = print_results(&t);
	printf("%s: %u of %u targets took a whole dump\n",
	       n_good == t.config.n_targets ? "ok" : "fail", n_good, t.config.n_targets);
	return n_good == t.config.n_targets ? 0 : 1;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'f' },
		{ "ssh", required_argument, NULL, 's' },
		{ "crash", no_argument, NULL, 'c' },
		{ "yes-crash", required_argument, NULL, 'y' },
		{ "report", no_argument, NULL, 'p' },
		{ "root", required_argument, NULL, 'r' },	/* for tests of --report */
		{ 0 },
	};
	struct health_want want = { .root = "" };
	const char *yes = NULL;
	bool crash = false, report = false;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			want.config = optarg;
		if (c == 's')
			want.ssh = optarg;
		if (c == 'y')
			yes = optarg;
		if (c == 'r')
			want.root = optarg;
		crash |= c == 'c';
		report |= c == 'p';
		if (c == '?')
			return usage("test: unknown option or missing value: %s",
				     argv[optind - 1]);
	}
	if (argc - optind > 1 || (argc > optind && (crash || report)) || (crash && report))
		return usage("test takes one of: nothing, a CORE, --crash, --report");
	if (want.root[0] && !report)
		return usage("test: --root is for --report");
	if (yes && !crash)
		return usage("test: --yes-crash is for --crash");
	if (crash)
		return crash_test(&want, yes);
	if (report)
		return crash_test_report(&want);
	return rehearse(argc > optind ? argv[optind] : NULL, &want);
}

const struct verb verb_test = {
	.name = "test",
	.usage = "[--config FILE] [--ssh PROGRAM] [CORE]\n"
		 "| --crash [--yes-crash HOST] | --report",
	.summary = "a whole capture without a crash, or with one",
	.help =
"Without --crash nothing crashes: the memory of this machine (" LIVE "), or the CORE that is\n"
"named, is filtered, packed and written to each target by the code that does it after a\n"
"crash, read back, and removed again. The folder is called HOST-test-DATE meanwhile. It takes\n"
"as much room and time as a dump does.\n"
"\n"
"  --config FILE  default " DEFAULT_CONFIG "\n"
"  --ssh PROGRAM  OpenSSH's client (default: the installed one)\n"
"  --crash        really crash this machine: refused unless it is loaded and `crashbox\n"
"                 status` shows no failure, and done only after 'crash HOST' was typed\n"
"  --yes-crash HOST  in place of typing; HOST must be the name of this machine\n"
"  --report       after the reboot: is the dump of that crash on a target, and whole?\n"
"\n"
"Exit status: 0 each target took all of it, or the dump of --crash was found whole; 1 not.\n",
	.run = run,
};
