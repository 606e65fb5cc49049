/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crashing this machine on purpose. A mark on the root file system says when the machine
 * was crashed; after the reboot the dump of that time is looked for on the targets.
 */
#include "crash_test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "config/config.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "host/check_result.h"
#include "kexec/machine_id.h"
#include "kexec/plan.h"
#include "machine/guard.h"
#include "ready/machine_health.h"

#define MARK STATE_DIR "/test-crash"
#define HOST_MAX 65
#define CLOCK_SLACK_S 5		/* a crashed kernel's clock may be read a bit coarsely */
#define CRASH_S 300		/* from the mark to the panic, at most */

struct mark {
	int64_t when;
	char host[HOST_MAX], boot_id[40];
};

/* ---- before ----------------------------------------------------------------- */

static bool is_ready(const struct health_want *want)
{
	struct check_results f;
	struct config config;

	health_check(&f, want, &config);
	for (unsigned i = 0; i < f.n; i++)
		if (f.rows[i].grade != GRADE_OK)
			log_info("%s: %s: %s", grade_name(f.rows[i].grade), f.rows[i].what,
				 f.rows[i].text);
	return check_results_worst(&f) != GRADE_FAIL;
}

static bool is_confirmed(const char *host, const char *yes)
{
	char wanted[HOST_MAX + 8], line[HOST_MAX + 16] = "";

	if (yes && !strcmp(yes, host))
		return true;
	if (yes) {
		log_info("--yes-crash %s: this machine is called %s", yes, host);
		return false;
	}
	printf("This crashes %s now. Everything that runs on it stops, and what is not on a\n"
	       "disk yet is lost. Type 'crash %s' to go on: ", host, host);
	fflush(stdout);
	snprintf(wanted, sizeof(wanted), "crash %s\n", host);
	if (fgets(line, sizeof(line), stdin) && !strcmp(line, wanted))
		return true;
	log_info("that was not 'crash %s': nothing is done", host);
	return false;
}

static bool leave_mark(const char *host, struct err *e)
{
	char text[200], boot_id[40];
	cleanup_fd int fd = -1;
	int len;

	if (!read_text(BOOT_ID, boot_id, sizeof(boot_id), e))
		return false;
	len = snprintf(text, sizeof(text), "when %" PRId64 "\nhost %s\nboot_id %s\n",
		       (int64_t)time(NULL), host, boot_id);
	if (!root_make_state("", e))
		return false;
	fd = open(MARK, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, errno, MARK ": cannot write: %s", strerror(errno));
	return write_all(fd, text, len, MARK, e) &&
	       (!fsync(fd) || fail(e, errno, MARK ": %s", strerror(errno)));
}

int crash_test(const struct health_want *want, const char *yes)
{
	char host[HOST_MAX] = "";
	struct err e;

	gethostname(host, sizeof(host) - 1);
	if (!is_ready(want)) {
		log_info("nothing is crashed: a dump would not arrive, see above");
		return 1;
	}
	if (!is_confirmed(host, yes))
		return 1;
	if (!leave_mark(host, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	sync();
	log_info("crashing now; after the reboot: crashbox test --report");
	if (write_text("/proc/sysrq-trigger", "c", &e))
		fail(&e, EIO, "the kernel has survived sysrq c");
	log_info("%s", e.text);
	unlink(MARK);
	return 1;
}

/* ---- after ------------------------------------------------------------------ */

static bool read_mark(struct mark *m, const char *root, struct err *e)
{
	char text[200], *rest = text, *line;

	memset(m, 0, sizeof(*m));
	if (!root_read(root, MARK, text, sizeof(text), e))
		return e->code != ENOENT ? false :
		       fail(e, ENOENT, "there was no crashbox test --crash: %s" MARK " is not "
			    "there", root);
	while ((line = strsep(&rest, "\n"))) {
		sscanf(line, "when %" SCNd64, &m->when);
		sscanf(line, "host %64s", m->host);
		sscanf(line, "boot_id %39s", m->boot_id);
	}
	return (m->when && m->host[0] && m->boot_id[0]) ||
	       fail(e, EINVAL, "%s" MARK ": not what crashbox test --crash writes", root);
}

/* Seconds from the crash to the start of the kernel that runs now. */
static bool seconds_away(const struct mark *m, const char *root, int64_t *away, struct err *e)
{
	char boot_id[40], uptime[64];

	if (!root_read(root, BOOT_ID, boot_id, sizeof(boot_id), e) ||
	    !root_read(root, "/proc/uptime", uptime, sizeof(uptime), e))
		return false;
	*away = time(NULL) - strtoll(uptime, NULL, 10) - m->when;
	return strcmp(boot_id, m->boot_id) ||
	       fail(e, EAGAIN, "this is still the kernel that was to crash");
}

/* The first crash of that host within the time; the mark is older by a sync. */
static const struct store_entry *find_dump(const struct store_entries *all, int64_t when)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].when >= when - CLOCK_SLACK_S &&
		    all->at[i].when < when + CRASH_S)
			return &all->at[i];
	return NULL;
}

struct search {
	struct dump_places places;
	struct mark mark;
	char host[FOLDER_HOST_MAX];
	char result[200];
	bool is_whole;		/* the dump, there */
	struct store_entry *entries;
	char *text;
};

static bool look(void *ctx, struct dump_place *at, struct err *e)
{
	const struct store_entry *found;
	struct search *s = ctx;
	struct dump_facts facts;
	char len[32];
	struct store_entries all = { s->entries, MAX_DUMPS, 0, &s->places.steps };

	if (!store_list(&at->store, s->host, &all, e))
		return false;
	found = find_dump(&all, s->mark.when);
	if (!found)
		return fail(e, ENOENT, "no dump of that crash");
	dump_facts_read(&facts, &at->store, found, s->text);
	s->is_whole = found->kind == STORE_WHOLE && facts.has_manifest &&
		      (json_is_true(&facts.manifest, "valid.value") ||
		       dump_facts_sampled(&facts)) &&
		      json_is_true(&facts.manifest, "complete.value");
	format_bytes(found->len, len, sizeof(len));
	snprintf(s->result, sizeof(s->result), "%s, %s, %s", found->name, facts.state, len);
	return true;
}

static bool prepare(struct search *s, const struct health_want *want,
		    char config[HOST_PATH_MAX], struct err *e)
{
	char *id = s->places.config.machine_id;

	s->places.config_file = config;
	s->places.ssh = want->ssh;
	if (!root_choose(config, want->root, want->config, DEFAULT_CONFIG, e) ||
	    !dump_places_init(&s->places, true, e))
		return false;
	s->entries = arena_take(&s->places.arena, MAX_DUMPS, sizeof(s->entries[0]), "dumps", e);
	s->text = arena_take(&s->places.arena, MANIFEST_READ, 1, "manifest", e);
	machine_id_read(want->root, id);
	folder_name_host(&(struct folder_host){ s->places.config.host, s->mark.host, id }, "",
			 s->host);
	return s->entries && s->text;
}

int crash_test_report(const struct health_want *want)
{
	char config[HOST_PATH_MAX];
	unsigned n_whole = 0;
	struct err e;
	struct search *s = guard_share(sizeof(*s), &e);
	int64_t away;

	if (!s || !read_mark(&s->mark, want->root, &e) ||
	    !seconds_away(&s->mark, want->root, &away, &e) ||
	    !prepare(s, want, config, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	for (unsigned i = 0; i < s->places.config.n_targets; i++) {
		const char *target = s->places.config.targets[i];

		s->is_whole = false;
		if (!dump_place_visit(&s->places, target, look, s, &e))
			snprintf(s->result, sizeof(s->result), "%s", e.text);
		n_whole += s->is_whole;
		printf("%-4s  target %u  %s: %s\n",
		       s->is_whole ? "ok" : n_whole ? "warn" : "fail", i + 1, target,
		       s->result);
	}
	printf("%s: the dump of the test crash %s; this kernel started %" PRId64 " s after "
	       "it\n", n_whole ? "ok" : "fail",
	       n_whole ? "has arrived and is whole" : "is not there", away);
	dump_places_deinit(&s->places);
	return n_whole ? 0 : 1;
}
