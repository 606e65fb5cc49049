/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The check of this machine. The configuration and its targets; the machine itself is
 * ready/readiness's.
 */
#include "machine_health.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/version.h"
#include "capture_time.h"
#include "config/config.h"
#include "host/check_result.h"
#include "host/root.h"
#include "image/keyfile.h"
#include "machine/guard.h"
#include "readiness.h"
#include "target_look.h"
#include "target_seen.h"
#include "targets/connect.h"
#include "targets/target_kinds.h"

#define HUNG_S 20	/* for what has no end of its own */
#define MORE_S 5	/* than the look itself waits for a server */

static void check_key(struct look *l)
{
	const char *key = l->config->ssh.key;
	char path[HOST_PATH_MAX];
	struct err e;

	if (!root_path(path, l->root, key, &e) || !keyfile_check(path, key, &e))
		found(l->f, "ssh_key", GRADE_FAIL, "%s", e.text);
	else
		found(l->f, "ssh_key", GRADE_OK, "%s, an Ed25519 key for root alone", key);
}

static unsigned patience_s(const struct look *l)
{
	return l->config->stall_s + MORE_S > HUNG_S ? l->config->stall_s + MORE_S : HUNG_S;
}

/* How much, and how fast: "a dump of 102.4 MiB may take 22 s, at 47.7 MiB/s, as ..." */
static void tell_time(char *text, size_t size, const struct capture_facts *f,
		      const struct capture_time *t)
{
	bool is_now = t->now_s > t->most_s;
	char len[32], rate[32];

	format_bytes(is_now ? f->kept_len : f->dump_len, len, sizeof(len));
	format_bytes(is_now ? t->memory_rate : t->dump_rate, rate, sizeof(rate));
	snprintf(text, size, "a dump %s%s%s may take %" PRIu64 " s, at %s/s, %s",
		 is_now ? "now, which has " : "of ", len, is_now ? " of memory," : "",
		 is_now ? t->now_s : t->most_s, rate, pace_origin_words(f->origin));
}

/* All of the capture has to be over by then. */
static void check_time(struct look *l, const struct capture_facts *slowest)
{
	struct capture_time t;
	char text[200];
	bool fits;

	capture_time(&t, slowest);
	fits = l->config->deadline_s >= max_u64(t.now_s, t.most_s);
	tell_time(text, sizeof(text), slowest, &t);
	found(l->f, "deadline", fits ? GRADE_OK : GRADE_WARN, "%u s, and %s%s",
	      l->config->deadline_s, text, fits ? "" : ": what is not saved by then is lost");
}

/* Of the target that was looked at: by its last dump, else by the last test. */
static void take_pace(const struct look *l, struct capture_facts *slowest)
{
	struct capture_facts f = *slowest;
	struct capture_time is, than;

	capture_pace(&f, &l->seen->pace, l->root, l->config->targets[l->nr]);
	if (f.origin == PACE_ASSUMED)
		return;
	capture_time(&is, &f);
	capture_time(&than, slowest);
	if (slowest->origin == PACE_ASSUMED || is.dump_rate < than.dump_rate)
		*slowest = f;
}

static void check_targets(struct look *l)
{
	struct capture_facts slowest = {
		.dump_len = target_dump_len(l->config, l->ram_gib),
		.kept_len = capture_kept_len(l->root, l->config),
	};
	struct guarded look;
	struct err e;

	l->seen = guard_share(sizeof(*l->seen), &e);
	if (!l->seen) {
		found(l->f, "targets", GRADE_FAIL, "%s", e.text);
		return;
	}
	look = (struct guarded){ target_look, l, &l->seen->steps, 0 };
	if (config_needs(l->config, NEEDS_CLIENT))
		check_key(l);
	for (unsigned i = 0; i < l->config->n_targets; i++) {
		snprintf(l->what, sizeof(l->what), "target %u", i + 1);
		l->seen->found.n = 0;
		l->seen->pace = (struct pace){ 0 };
		l->nr = i;
		look.stall_s = patience_s(l);
		if (!guard_run(&look, &e))
			found(l->f, l->what, GRADE_FAIL, "%s: %s", l->config->targets[i],
			      e.text);
		for (unsigned k = 0; k < l->seen->found.n; k++)
			found(l->f, l->what, l->seen->found.rows[k].grade, "%s",
			      l->seen->found.rows[k].text);
		take_pace(l, &slowest);
	}
	check_time(l, &slowest);
}

/* A name that only the image's copy resolves is no mistake of this file. */
static bool is_good(const struct config *config, struct err *e)
{
	return config_check(config, e) || e->code == ENOENT;
}

void health_check(struct check_results *f, const struct health_want *want,
		  struct config *config)
{
	struct readiness_want armed = { .root = want->root, .version = CRASHBOX_VERSION };
	struct look l = { .f = f, .root = want->root, .config = config };
	struct config file;
	char path[HOST_PATH_MAX];
	struct err e;
	bool ok;

	memset(f, 0, sizeof(*f));
	config_init(&file);
	l.ssh = connect_client(want->ssh);
	ok = root_choose(path, want->root, want->config, DEFAULT_CONFIG, &e) &&
	     config_file(&file, path, &e);
	if (ok && !is_good(&file, &e))
		ok = within(&e, "%s", path);
	if (ok)
		found(f, "config", GRADE_OK, "%s: %u target%s, level %u", path,
		      file.n_targets, file.n_targets == 1 ? "" : "s", file.level);
	else
		found(f, "config", GRADE_FAIL, "%s", e.text);
	armed.config_path = path;
	armed.config = ok ? &file : NULL;
	l.ram_gib = advice_ram_gib(want->root);
	/* What counts is what a crash would find, not what the file says by now. */
	if (!readiness_check(f, &armed, config))
		return;
	check_targets(&l);
}
