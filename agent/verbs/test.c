/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb test: a capture without a crash: supervise/supervise and supervise/session, as
 * in the capture kernel, on this machine's memory or a saved core, to the targets as they
 * are.
 */
#include "verb.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "capture/crash.h"
#include "config/config.h"
#include "config/resolve.h"
#include "crash_test.h"
#include "kexec/machine_id.h"
#include "machine/mounts.h"
#include "machine/child.h"
#include "machine/guard.h"
#include "ready/advice.h"
#include "ready/machine_health.h"
#include "ready/test_paces.h"
#include "supervise/occasion.h"
#include "supervise/places.h"
#include "supervise/supervise.h"
#include "targets/target.h"
#include "targets/connect.h"
#include "targets/pace.h"
#include "targets/store.h"
#include "targets/target_kinds.h"
#include "tell_crashes.h"

#define UNMOUNT_S 10

struct testing {
	struct config config;
	struct supervisor supervisor;
	struct occasion occasion;
	struct places places;
	char mount_at[64];	/* a folder of our own, "" if nothing is to be mounted */
};

/* The target is left as it was. */
static bool take_back(struct target *target, const char *folder, struct err *e)
{
	struct store_entry entry = { .goes = true, .is_sealed = target->access.seal_to };
	struct store store;
	bool ok;

	snprintf(entry.name, sizeof(entry.name), "%s", folder);
	target->sink.ops->close(&target->sink);
	target->sink.ops = NULL;
	if (!target_store(target, &store, e))
		return false;
	ok = store_remove(&store, &entry, e);
	if (ok)
		target_unmake(target);
	store.ops->close(&store);
	return ok;
}

/*
 * Nothing is done to this machine's modules, network and kernel log, all targets get the
 * dump, and what fails is to be seen, not to work at the third time.
 */
static const struct occasion a_test = {
	.happened = "is rehearsed",
	.suffix = "-test",
	.every_target = true,
	.may_be_stopped = true,
	.take_back = take_back,
};

/* Only this process and its children see what is mounted, and the name NFS is told. */
static bool hide_mounts(struct testing *t, struct err *e)
{
	const struct config *config = &t->config;
	const char *const files[] = { t->places.core, t->places.ssh, config->ssh.key, NULL };

	if (!config_needs(config, NEEDS_MOUNT))
		return true;
	if (geteuid())
		return fail(e, EPERM, "only root may mount what the targets are on");
	return mounts_go_private(files, t->mount_at, e);
}

/* What a child that had to be killed has left; by force, as the server may be gone. */
static void unmount_all(void *ctx)
{
	const struct testing *t = ctx;
	char path[80];

	for (unsigned i = 0; i < t->config.n_targets; i++) {
		snprintf(path, sizeof(path), "%s/%u", t->mount_at, i);
		umount2(path, MNT_FORCE | MNT_DETACH);
	}
}

/* Why it is not as it should be, and whether somebody has to tidy up. */
static void print_failure(const struct testing *t, unsigned nr)
{
	const struct fate *fate = &t->supervisor.shared->fates[nr];
	bool left = fate->folder[0] && !fate->is_removed;
	const char *folder = strrchr(fate->folder, '/');

	printf("fail  target %u  %s: %s%s%s%s\n", nr + 1, t->config.targets[nr],
	       fate->why[0]    ? fate->why
	       : fate->is_whole ? "it took all" : "the dump is not whole",
	       left ? "; what was written could not be removed: " : "",
	       left && folder ? folder + 1 : "", left ? " is left there" : "");
}

static unsigned print_results(const struct testing *t)
{
	const struct supervised *shared = t->supervisor.shared;
	unsigned n_good = 0;

	for (unsigned i = 0; i < t->config.n_targets; i++) {
		const struct fate *fate = &shared->fates[i];
		char len[32];

		if (!fate->is_whole || !fate->is_removed) {
			print_failure(t, i);
			continue;
		}
		format_bytes(shared->totals[i].dump_len, len, sizeof(len));
		printf("ok    target %u  %s: %s in %.1f s, %s report, read back, "
		       "removed again\n", i + 1, t->config.targets[i], len, fate->took_s,
		       shared->totals[i].report_saved ? "with a" : "without a");
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
	if (!config_file(&t->config, file, e) || !resolve_targets(&t->config, e))
		return false;
	if (!config_check(&t->config, e))
		return within(e, "%s", file);
	machine_id_read("", t->config.machine_id);
	if (!supervise_begin(s, e))
		return false;
	s->config = &t->config;
	t->occasion = a_test;
	t->places = places_of_machine;
	t->places.core = core ? core : CRASH_LIVE;
	t->places.ssh = connect_client(want->ssh);
	t->places.mounts = t->mount_at;
	t->occasion.places = &t->places;
	s->occasion = &t->occasion;
	if (!check_core(t->places.core, &why))
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
	return hide_mounts(t, e);
}

/*
 * Where a capture has one CPU it takes as long as all threads here had of theirs. A target
 * that failed has no pace.
 */
static struct pace pace_of(const struct totals *t)
{
	double copy_s = t->seconds[STAGE_COPY] > t->cpu_seconds[STAGE_COPY]
			? t->seconds[STAGE_COPY] : t->cpu_seconds[STAGE_COPY];

	return (struct pace){
		.dump_len = t->dump_len - min_u64(t->holes_len, t->dump_len),
		.kept_len = t->n_kept * sysconf(_SC_PAGESIZE),
		.ms = (copy_s + t->seconds[STAGE_SYNC] + t->seconds[STAGE_VERIFY]) * 1000,
	};
}

static void keep_paces(const struct testing *t)
{
	struct test_pace all[MAX_TARGETS];
	struct pace paces[MAX_TARGETS];
	unsigned n = 0;
	struct err e;

	for (unsigned i = 0; i < t->config.n_targets; i++) {
		if (!t->supervisor.shared->fates[i].is_whole)
			continue;
		paces[n] = pace_of(&t->supervisor.shared->totals[i]);
		all[n] = (struct test_pace){ t->config.targets[i], &paces[n] };
		n++;
	}
	if (n && !test_paces_write("", all, n, &e))
		log_warn("how fast it went is not kept: %s", e.text);
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
	if (t.mount_at[0] &&
	    !guard_run(&(struct guarded){ unmount_all, &t, &still, UNMOUNT_S }, &e))
		log_warn("unmounting: %s", e.text);
	n_good = print_results(&t);
	if (!core)
		keep_paces(&t);
	printf("%s: %u of %u targets took a whole dump\n",
	       n_good == t.config.n_targets ? "ok" : "fail", n_good, t.config.n_targets);
	return n_good == t.config.n_targets ? 0 : 1;
}

struct test_words {
	struct health_want want;
	const char *yes;
	bool crash, report;
};

static const struct option_row options[] = {
	OPTION_CONFIG(struct test_words, want.config),
	OPTION_SSH(struct test_words, want.ssh),
	OPTION_FLAG("crash", struct test_words, crash, .joins = JOINS_LATER, .help =
		"really crash this machine: refused unless it is loaded and `crashbox status` "
		"shows no failure, and done only after 'crash HOST' was typed"),
	OPTION_TEXT("yes-crash", "HOST", struct test_words, yes, .joins = JOINS_LATER,
		.help = "in place of typing; HOST must be the name of this machine"),
	OPTION_FLAG("report", struct test_words, report, .joins = JOINS_LATER, .help =
		"after the reboot: is the dump of that crash on a target, and whole?"),
	OPTION_ROOT(struct test_words, want.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct test_words w = { .want.root = "" };
	struct operands words;
	int rc;

	if (!verb_options(&verb_test, &w, argc, argv, &words))
		return 1;
	if (words.n > 1 || (words.n && (w.crash || w.report)) || (w.crash && w.report))
		return usage("test takes one of: nothing, a CORE, --crash, --report");
	if (w.want.root[0] && !w.report)
		return usage("test: --root is for --report");
	if (w.yes && !w.crash)
		return usage("test: --yes-crash is for --crash");
	if (w.crash)
		return crash_test(&w.want, w.yes);
	rc = w.report ? crash_test_report(&w.want)
		      : rehearse(words.n ? words.words[0] : NULL, &w.want);
	/* Of a core that somebody has saved it says little of this machine. */
	if (!rc && !words.n)
		tell_test_passed(w.want.root);
	return rc;
}

const struct verb verb_test = {
	.name = "test",
	.operands = "[CORE]\n| --crash [--yes-crash HOST] | --report",
	.summary = "a whole capture without a crash, or with one",
	.options = options,
	.about =
"Without --crash nothing crashes: the memory of this machine (" CRASH_LIVE "), or the\n"
"CORE that is named, is filtered, packed and written to each target by the code that does\n"
"it after a crash, with a report of it, read back, and removed again. The folder is called\n"
"HOST-test-DATE meanwhile. It takes as much room and time as a dump does.\n",
	.more =
"Exit status: 0 each target took all of it, or the dump of --crash was found whole; 1 not.\n",
	.run = run,
};
