/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture without a crash: run/session, as in the capture kernel, on this machine's memory
 * or a saved core, to the targets as they are.
 */
#include "verb.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "crash_test.h"
#include "health.h"
#include "host/advice.h"
#include "host/resolve.h"
#include "machine/config.h"
#include "run/progress.h"
#include "run/connect.h"
#include "run/session.h"

#define LIVE "/proc/kcore"	/* this machine's memory, as a core */

/* Disks are mounted below /mnt as in a capture, where nobody but this process sees it. */
static bool hide_mounts(const struct config *config, struct err *e)
{
	bool needed = false;

	for (unsigned i = 0; i < config->n_targets; i++)
		needed |= strcmp(target_kind(config->targets[i]), "sftp") != 0;
	if (!needed)
		return true;
	if (geteuid())
		return fail(e, EPERM, "only root may mount what the targets are on");
	mkdir("/mnt", 0755);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", "/mnt", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700"))
		return fail(e, errno, "no mounts of our own: %s", strerror(errno));
	return true;
}

static unsigned print_results(const struct config *config, const struct rehearsal *r,
			      const struct fate *fates)
{
	unsigned n_good = 0;

	for (unsigned i = 0; i < config->n_targets; i++) {
		bool good = r->results[i].whole && r->results[i].removed;
		char len[32];

		format_bytes(r->results[i].len, len, sizeof(len));
		if (good)
			printf("ok    target %u  %s: %s in %.1f s, read back, removed again\n",
			       i + 1, config->targets[i], len, r->results[i].seconds);
		else
			printf("fail  target %u  %s: %s\n", i + 1, config->targets[i],
			       fates[i].why[0] ? fates[i].why :
			       r->results[i].whole ? "what was written could not be removed"
						   : "the dump is not whole");
		n_good += good;
	}
	return n_good;
}

static int rehearse(const char *core, const struct health_want *want)
{
	struct rehearsal rehearsal = { .core = core ? core : LIVE };
	struct attempt attempt = { .rehearsal = &rehearsal };
	struct fate fates[MAX_TARGETS] = { { 0 } };
	struct progress progress = { .stage = STAGE_START };
	struct config config;
	unsigned n_good;
	struct err e;

	config_init(&config);
	rehearsal.ssh = connect_client(want->ssh);
	if (!config_file(&config, want->config ? want->config : DEFAULT_CONFIG, NULL, &e) ||
	    !resolve_targets(&config, &e) || !config_check(&config, &e) ||
	    !hide_mounts(&config, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (access(rehearsal.core, R_OK)) {
		log_info("%s: %s%s", rehearsal.core, strerror(errno),
			 core ? "" : " (only root may read it, and not where the kernel is "
				     "locked down; give a saved core instead)");
		return 1;
	}
	attempt.give_up = monotonic_seconds() + config.deadline_s;
	session_run(&config, &attempt, fates, &progress);
	n_good = print_results(&config, &rehearsal, fates);
	printf("%s: %u of %u targets took a whole dump\n",
	       n_good == config.n_targets ? "ok" : "fail", n_good, config.n_targets);
	return n_good == config.n_targets ? 0 : 1;
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
