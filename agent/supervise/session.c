/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session of a capture. Opens the crash once and offers it to the targets in turn. */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/lastwords.h"
#include "capture/manifest.h"
#include "capture/reporter.h"
#include "config/config.h"
#include "last_resort.h"
#include "machine/modules.h"
#include "occasion.h"
#include "places.h"
#include "target_state.h"
#include "targets/earlier_crashes.h"
#include "targets/same_crashes.h"
#include "targets/store.h"
#include "targets/target_kinds.h"
#include "telling.h"

#define LOG_TRIES 2	/* in one round */

static void save_log(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];

	if (target_state_is_out(s, nr) || fate->told || fate->dmesg != NOT_TRIED ||
	    !target_state_open(s, nr) || fate->dmesg == DONE)
		return;
	fate->n_log_tries++;
	capture_log(&stand->capture);
	fate->has_no_log = stand->totals->dmesg_missing;
	__atomic_store_n(&fate->dmesg, stand->totals->dmesg_saved ? DONE : NOT_DONE,
			 __ATOMIC_RELEASE);
	if (fate->first_told)
		return;
	__atomic_store_n(&fate->first_told, 1, __ATOMIC_RELEASE);
	capture_tell(&stand->capture);
}

/* Its kind may be one for logs only. */
static bool takes_dump(const struct session *s, unsigned nr, struct err *e)
{
	return target_takes_dump(target_kind_of(s->config->targets[nr]), e);
}

/*
 * When this target's time is over: what the operator gives it, or half of what there is
 * as long as another one may come after it.
 */
static double end_of_budget(const struct session *s, unsigned nr)
{
	double now = monotonic_seconds(), left = s->attempt->give_up - now;
	bool others = false;
	struct err ignored;

	for (unsigned i = nr + 1; i < s->config->n_targets; i++)
		others |= !target_state_is_out(s, i) && s->fates[i].dump == NOT_TRIED &&
			  takes_dump(s, i, &ignored);
	if (s->config->budget_s[nr])
		left = s->config->budget_s[nr] < left ? s->config->budget_s[nr] : left;
	else if (others)
		left /= 2;
	return now + left;
}

static void save_dump(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	double began = monotonic_seconds();
	struct err e;

	/* Those of a dump that failed before. */
	stand->totals->n_reasons = 0;
	stand->job.give_up = end_of_budget(s, nr);
	progress_set(&s->progress->give_up_ms, stand->job.give_up * 1000);
	if (capture_dump(&stand->capture, &e)) {
		__atomic_store_n(&fate->dump, DONE, __ATOMIC_RELEASE);
		s->saved_nr = nr;
	} else {
		log_warn("target %u: %s", nr + 1, e.text);
		snprintf(fate->why, sizeof(fate->why), "%s", e.text);
		fate->dump_s = monotonic_seconds() - began + 1;
		fate->room = stand->totals->room;
		/* As a last resort it was to be filled: that is no surprise, and the end. */
		if (!stand->totals->no_room && (e.code == ENOSPC || e.code == EDQUOT))
			fate->n_full += fate->last_resort ? FULL_TWICE : 1;
		__atomic_store_n(&fate->dump, stand->totals->no_room ? NO_ROOM : NOT_DONE,
				 __ATOMIC_RELEASE);
	}
	progress_set(&s->progress->give_up_ms, 0);
}

static struct crash_id id_of(const struct session *s, const struct target_state *stand)
{
	const char *slash = strrchr(stand->target.sink.where, '/');

	return (struct crash_id){ .host = s->host, .when = s->when,
				  .folder = slash ? slash + 1 : s->name,
				  .uptime_s = s->uptime_s, .boot = s->config->boot };
}

/* What an earlier crash has left counts; where it cannot be looked at there was none. */
static bool is_loop(struct session *s, struct target_state *stand, struct err *e)
{
	const struct crash_id id = id_of(s, stand);
	struct store store;
	const struct past past = { &store, &id, &s->crash->arena, &s->progress->alive };
	bool yes;

	if (!target_store(&stand->target, &store, e)) {
		log_warn("earlier crashes are not counted: %s", e->text);
		return false;
	}
	yes = earlier_crashes_are_loop(&past, &s->config->crash_loop, e);
	store.ops->close(&store);
	if (!yes && e->code)	/* a dump too many is better than one too few */
		log_warn("%s", e->text);
	else if (!yes && e->text[0])
		log_info("%s", e->text);
	return yes;
}

static bool is_known_enough(struct session *s, struct target_state *stand, struct err *e)
{
	const struct crash_id id = id_of(s, stand);
	const struct fault_id fault = { s->reported->id, s->crash->kernel.k.build_id };
	struct store store;
	const struct past past = { &store, &id, &s->crash->arena, &s->progress->alive };
	unsigned n_seen;
	bool yes;

	if (!target_store(&stand->target, &store, e)) {
		log_warn("crashes of the same fault are not counted: %s", e->text);
		return false;
	}
	yes = same_crashes_are_enough(&past, &fault, s->config->keep_same, &n_seen, e);
	s->n_seen = n_seen ? n_seen + 1 : s->n_seen;
	store.ops->close(&store);
	if (!yes && e->code)
		log_warn("%s", e->text);
	return yes;
}

/* Crashes come too fast for another dump, or there are enough like it: the log is there, and
   that is all. */
static bool withhold_dump(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	struct err e;

	if (s->attempt->without & WITHOUT_PAST)
		return false;
	progress_enter(s->progress, STAGE_PAST, 0);
	if (!(s->config->crash_loop.n && is_loop(s, stand, &e)) &&
	    !(s->config->keep_same && s->reported && s->reported->is_sure &&
	      is_known_enough(s, stand, &e)))
		return false;
	snprintf(fate->why, sizeof(fate->why), "%.199s", e.text);
	log_warn("target %u: %s", nr + 1, fate->why);
	__atomic_store_n(&fate->dump, WITHHELD, __ATOMIC_RELEASE);
	return true;
}

/*
 * A dump that was not read back is none that older ones may go for. A sample is enough for who
 * has asked for one.
 */
static bool is_good(const struct totals *t)
{
	return (t->verified || t->sampled) && t->complete;
}

static void remove_old(struct session *s, struct target_state *stand)
{
	const struct crash_id id = id_of(s, stand);
	struct store store;
	const struct past past = { &store, &id, &s->crash->arena, &s->progress->alive };
	const struct keeping keeping = { s->config->keep, s->config->keep_same };
	struct err e;

	if (s->attempt->without & WITHOUT_PAST)
		return;
	progress_enter(s->progress, STAGE_PAST, 0);
	if (!target_store(&stand->target, &store, &e)) {
		log_warn("old dumps are not removed: %s", e.text);
		return;
	}
	earlier_crashes_remove(&past, &keeping, is_good(stand->totals));
	store.ops->close(&store);
}

static void take_back(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	const struct crash_id id = id_of(s, stand);
	struct err e;

	s->fates[nr].is_removed = s->attempt->occasion->take_back(&stand->target, id.folder,
								 &e);
	if (!s->fates[nr].is_removed)
		log_warn("target %u: %s is left there: %s", nr + 1, id.folder, e.text);
}

/* What a child before us has left, which could not do it any more. */
static void tidy(struct session *s, unsigned nr)
{
	struct err e;

	if (!target_state_open(s, nr))
		return;
	take_back(s, nr);
	if (!target_close(&s->stands[nr].target, &e))
		log_warn("%s", e.text);
}

/* The manifest, which must know where the dump is if it is not here. */
static void end(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	bool has_dump = s->saved_nr == nr;
	struct err e;
	char len[32];

	if (!has_dump && !stand->totals->n_reasons && fate->why[0])
		capture_because(stand->totals, "%s", fate->why);
	if (!has_dump && s->saved_nr < s->config->n_targets)
		capture_because(stand->totals, "the dump is in target %u, %s: %s",
				s->saved_nr + 1, s->config->targets[s->saved_nr],
				s->fates[s->saved_nr].folder);
	fate->no_manifest = !capture_end(&stand->capture, &e);
	if (fate->no_manifest)
		log_warn("target %u: manifest not saved: %s", nr + 1, e.text);
	if (s->config->keep &&
	    ((has_dump && is_good(stand->totals)) || fate->dump == WITHHELD))
		remove_old(s, stand);
	if (has_dump) {
		format_bytes(stand->totals->dump_len - stand->totals->holes_len, len,
			     sizeof(len));
		log_info("saved %s in %s/%s", len, s->config->targets[nr],
			 id_of(s, stand).folder);
	}
	__atomic_store_n(&fate->told, 1, __ATOMIC_RELEASE);
	stand->is_open = false;
	fate->is_whole = stand->totals->valid && stand->totals->complete;
	if (s->attempt->occasion->take_back)
		take_back(s, nr);
	if (!target_close(&stand->target, &e))
		log_warn("%s", e.text);
}

static void save_to(struct session *s, unsigned nr)
{
	const struct occasion *occasion = s->attempt->occasion;
	bool is_wanted = s->saved_nr == s->config->n_targets || occasion->every_target;
	struct fate *fate = &s->fates[nr];
	double began = monotonic_seconds();
	struct err e;

	if (target_state_is_out(s, nr) || fate->told || !target_state_open(s, nr))
		return;
	s->stands[nr].capture.reported = s->reported;
	capture_report(&s->stands[nr].capture);
	if (is_wanted && !takes_dump(s, nr, &e)) {
		snprintf(fate->why, sizeof(fate->why), "%.199s", e.text);
		is_wanted = false;
	}
	if (fate->dump == NOT_TRIED && is_wanted && began < s->attempt->give_up) {
		if (!occasion->may_withhold || !withhold_dump(s, nr))
			save_dump(s, nr);
	} else if (!fate->why[0] && is_wanted) {
		snprintf(fate->why, sizeof(fate->why), "the deadline came first");
	}
	if (fate->dmesg == NOT_DONE && fate->n_log_tries < LOG_TRIES &&
	    !fate->has_no_log) {
		fate->dmesg = NOT_TRIED;
		save_log(s, nr);
	}
	/* Whether it is needed after all is known when the others have been tried. */
	if (fate->dump == NO_ROOM && !occasion->every_target)
		return;
	end(s, nr);
	fate->took_s = monotonic_seconds() - began;
}

static bool is_short_of_room(const struct session *s, unsigned nr)
{
	return !target_state_is_out(s, nr) && !s->fates[nr].told &&
	       s->fates[nr].dump == NO_ROOM;
}

/* Nobody has room for all of the dump, if it is not saved: what fits goes to the roomiest. */
static void settle_rooms(struct session *s)
{
	unsigned n = s->config->n_targets, best = n;
	struct fate *fates = s->fates;

	for (unsigned i = 0; i < n; i++)
		if (is_short_of_room(s, i) &&
		    (best == n || fates[i].room > fates[best].room))
			best = i;
	if (best < n && s->saved_nr == n && monotonic_seconds() < s->attempt->give_up &&
	    target_state_open(s, best)) {
		fates[best].last_resort = s->stands[best].job.last_resort = true;
		/* Whoever dies of it has tried. */
		__atomic_store_n(&fates[best].dump, NOT_TRIED, __ATOMIC_RELEASE);
		save_dump(s, best);
		end(s, best);
	}
	for (unsigned i = 0; i < n; i++)
		if (is_short_of_room(s, i) && target_state_open(s, i))
			end(s, i);
}

/* Its first section: the finding, what proves it, the signature. */
static void show_report(struct session *s)
{
	const char *at = s->reported->text, *end = at + s->reported->finding_len;

	s->uptime_s = s->reported->uptime_s > 0 ? (uint64_t)s->reported->uptime_s : 0;
	log_info("%s", s->reported->line);
	if (!s->attempt->occasion->shows_end)
		return;
	log_info("why the crashed kernel died:");
	while (at < end) {
		size_t len = strcspn(at, "\n");

		log_plain("| %.*s", (int)len, at);
		at += len + 1;
	}
}

/* ---- all of it ------------------------------------------------------------------- */

int session_run(const struct config *config, const struct attempt *attempt,
		struct fate *fates, struct totals *totals, struct progress *progress)
{
	struct session s = { .config = config, .attempt = attempt, .fates = fates,
			     .totals = totals, .progress = progress,
			     .saved_nr = config->n_targets };
	const struct occasion *occasion = attempt->occasion;
	const struct reporter_wish wish = { config->known_file, !config->report_private,
					    !config->report_args };
	struct reporter reporter = { .shared = NULL };
	struct crash crash;
	struct err e;

	if (occasion->brings_up)
		log_to_kmsg(occasion->places->kmsg);
	/* If somebody must go for want of memory, it is us and not PID 1. */
	write_text("/proc/self/oom_score_adj", "1000", &e);
	if (attempt->load_modules)
		log_info("%u modules loaded",
			 modules_load(occasion->places->modules, attempt->first_module,
				      &progress->module));
	progress_enter(progress, STAGE_OPEN, 0);
	if (!crash_open(&crash, occasion->places->core,
			attempt->without & WITHOUT_TRUST ? attempt->earlier : NULL, &e)) {
		log_warn("%s", e.text);
		return 1;
	}
	s.crash = &crash;
	target_state_name(&s, &crash.kernel);
	if (attempt->tidy) {
		tidy(&s, attempt->tidy - 1);
		return 0;
	}
	if (attempt->last_words)
		return !last_resort_keep(&s);
	if (attempt->earlier[0])
		log_warn("after an attempt that failed: %s", attempt->earlier);
	log_info("%s of %s %s, Linux %s", crash.kernel.uts[NODENAME],
		 crash.kernel.uts[MACHINE], occasion->happened, crash.kernel.uts[RELEASE]);
	for (unsigned i = 0; i < config->n_targets; i++)
		if (fates[i].dump == DONE)
			s.saved_nr = i;
	/* It works while disks and servers are waited for. */
	if (!(attempt->without & WITHOUT_TABLES))
		reporter_start(&reporter, &crash, &wish);
	telling_start(&s, &reporter);
	for (unsigned i = 0; i < config->n_targets; i++)
		save_log(&s, i);
	s.reported = reporter_wait(&reporter, &progress->alive);
	if (s.reported)
		show_report(&s);
	/* Only now: the log is safe, whatever comes of following its tables once more. */
	else if (!(attempt->without & WITHOUT_TABLES) && occasion->shows_end)
		s.uptime_s = lastwords_show(&crash, progress);
	herald_wait(&s.herald, &progress->alive);
	for (unsigned i = 0; i < config->n_targets; i++)
		save_to(&s, i);
	if (!occasion->every_target)
		settle_rooms(&s);
	telling_end(&s);
	return s.saved_nr == config->n_targets;
}
