/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recipe of a capture. Reads like what it does: dmesg, choose pages, check space,
 * copy, verify, commit. A step that fails says why, and what was saved before it stays.
 */
#include "capture.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "choose_pages.h"
#include "config/config.h"
#include "copy.h"
#include "crash.h"
#include "dump/codec.h"
#include "dump/flattened.h"
#include "dump/kdumpfile.h"
#include "earlier_part.h"
#include "job.h"
#include "judged.h"
#include "logs.h"
#include "manifest.h"
#include "reporter.h"
#include "targets/crash_files.h"
#include "targets/sink.h"
#include "verify.h"
#include "worker_room.h"

#define SPACE_MARGIN (1u << 20)		/* for manifest, logs, the file system's own needs */

/* The stage is over; what it took is what went by since it, or the one before, began. */
static void leave(struct capture *c)
{
	double now = monotonic_seconds(), cpu = cpu_seconds();
	uint32_t was = c->progress->stage;

	if (was < N_STAGES && c->stage_began) {
		c->t->seconds[was] += now - c->stage_began;
		c->t->cpu_seconds[was] += cpu - c->cpu_began;
	}
	c->stage_began = now;
	c->cpu_began = cpu;
}

static void enter(struct capture *c, enum stage s, uint64_t total)
{
	leave(c);
	c->t->system_peak = max_u64(c->t->system_peak, system_memory_used());
	progress_enter(c->progress, s, total);
}

/* What went by between two steps is nobody's. */
static void begin(struct capture *c, enum stage s)
{
	c->stage_began = 0;
	enter(c, s, 0);
}

void capture_because(struct totals *t, const char *fmt, ...)
{
	va_list ap;

	if (t->n_reasons == MAX_REASONS)
		return;
	va_start(ap, fmt);
	vsnprintf(t->reasons[t->n_reasons++], sizeof(t->reasons[0]), fmt, ap);
	va_end(ap);
}

/* ---- the dump --------------------------------------------------------------- */

/* A dump on its way into an open file. */
struct filling {
	struct capture *c;
	struct sink_file *file;
	struct kdump_writer w;
	struct choice choice;
	bool is_flat;		/* the file only grows, so these two are used: */
	struct flattened flat;
	struct judged judged;
};

static bool begin_dump(struct filling *d, struct err *e)
{
	const struct capture *c = d->c;
	const struct kernel *kn = &c->crash->kernel;
	const struct elfcore *core = &c->crash->core;
	struct kdump_info info = {
		.block_size = 1u << kn->page_shift,
		.time_sec = has(kn->k.crash_time) ? kn->k.crash_time : 0,
		.n_cpus = notes_n_cpus(core->notes, core->notes_len),
		.phys_base = kn->phys_base,
		.level = c->t->level_used,
		.codec_flag = c->job->codec->flag,
		.notes = core->notes,
		.notes_len = core->notes_len,
		.vmcoreinfo = c->crash->vmcoreinfo,
		.vmcoreinfo_len = c->crash->vmcoreinfo_len,
		.max_pfn = (elfcore_end(core) + (1u << kn->page_shift) - 1) >> kn->page_shift,
		.buf_len = worker_room_buffer(system_memory_available()),
	};
	struct out *out = d->is_flat ? &d->flat.out : &d->file->out;

	if (d->is_flat && !flattened_begin(&d->flat, &d->file->out, e))
		return false;
	if (d->is_flat)
		info.bitmaps = (struct bitmap_source){ judged_load, &d->judged };

	for (int i = 0; i < N_UTS; i++)
		info.uts[i] = kn->uts[i];
	return kdump_begin(&d->w, out, &info, &c->crash->arena, e);
}

static bool plan_pages(struct filling *d, struct err *e)
{
	enter(d->c, STAGE_SCAN, d->w.index.max_pfn);
	return choose_pages(&d->choice, &d->w, e) && kdump_begin_pages(&d->w, e);
}

/* The log and the stacks, with which a dump begins to be of use; by the average page. */
static uint64_t least_len(const struct totals *t, const struct priority *w,
			  uint64_t need_len)
{
	uint64_t n = 0;

	for (int class = 0; class < PRIORITY_IMAGE; class++)
		for (size_t i = 0; i < w->n[class]; i++)
			n += w->ranges[class][i].end - w->ranges[class][i].first;
	return t->n_kept ? need_len / t->n_kept * min_u64(n, t->n_kept) : 0;
}

/* Who cannot say has perhaps enough; what does not fit is found out by writing. */
static uint64_t free_space(struct capture *c)
{
	uint64_t free_len;
	struct err e;

	if (c->sink->ops->space(c->sink, &free_len, &e))
		return free_len;
	log_warn("%s", e.text);
	return UINT64_MAX;
}

/*
 * To come are the page data, and what could be reserved only in name. Without room for all
 * of them it is another target's turn; when none is left, a part will do.
 */
static bool fits(struct filling *d, struct copier *copier, struct err *e)
{
	struct capture *c = d->c;
	uint64_t owed = d->file->out.owed + d->flat.out.owed;
	uint64_t free_len = free_space(c), least;
	uint64_t need_len = owed + copy_need_len(copier, free_len, owed + SPACE_MARGIN);
	char need[32], have[32];

	if (need_len + SPACE_MARGIN > free_len &&
	    earlier_makes_room(c->sink, c->t, need_len + SPACE_MARGIN, free_len,
			       c->job->last_resort)) {
		free_len = free_space(c);
		need_len = owed + copy_need_len(copier, free_len, owed + SPACE_MARGIN);
	}
	least = least_len(c->t, &d->choice.worth, need_len) + SPACE_MARGIN;
	if (need_len + SPACE_MARGIN <= free_len)
		return true;
	c->t->room = free_len;
	format_bytes(free_len, have, sizeof(have));
	if (least > free_len) {
		format_bytes(least, need, sizeof(need));
		return fail(e, ENOSPC, "%s: the least that a dump is good for needs about %s "
			    "more, %s are free", c->sink->where, need, have);
	}
	format_bytes(need_len + SPACE_MARGIN, need, sizeof(need));
	c->t->no_room = !c->job->last_resort;
	fail(e, ENOSPC, "%s: the dump needs about %s more, %s are free", c->sink->where, need,
	     have);
	if (c->t->no_room)
		return false;
	log_warn("%s: what fits is written, the worthiest first", e->text);
	return true;
}

static bool copy(struct filling *d, struct copier *copier, struct err *e)
{
	struct capture *c = d->c;
	bool ok;

	/* Its window is memory that the workers can use better. */
	corereader_deinit(&c->crash->reader);
	ok = copy_pages(copier, &d->choice.worth, e);
	copy_finish(copier);
	return ok;
}

/* A dump that there is no time to read back is still better than none, but not valid. */
static bool or_unread(struct capture *c, bool verified, struct err *e)
{
	if (verified || (e->code != ETIMEDOUT && e->code != ENOTSUP))
		return verified;
	if (c->t->sampled)
		log_info("vmcore: %s", e->text);
	else
		log_warn("vmcore: %s", e->text);
	capture_because(c->t, "%s", e->text);
	return true;
}

/* The last that is written, and before it or behind it, as it can be, the look at it. */
static bool seal(struct filling *d, struct err *e)
{
	struct capture *c = d->c;
	bool whole = verify_is_complete(c);

	enter(c, STAGE_VERIFY, c->t->dump_len);
	if (!d->is_flat)
		return or_unread(c, verify_dump(c, d->file, &d->w, e), e) &&
		       kdump_seal(&d->w, whole, e);
	if (!kdump_seal(&d->w, whole, e) || !flattened_end(&d->flat, e))
		return false;
	c->t->dump_len = sink_stored_len(d->file);
	return or_unread(c, verify_appended(c, d->file, &d->w, e), e);
}

/* All pages into an open file, from the first byte to a verified whole. */
static bool fill_dump(struct capture *c, struct sink_file *f, bool *keep_part, struct err *e)
{
	struct filling d = { .c = c, .file = f, .choice.capture = c,
			     .is_flat = c->sink->only_grows };
	struct copier *copier;
	bool copied, ended;
	struct err why;

	if (d.is_flat && !judged_init(&d.judged, &c->crash->core, c->crash->kernel.page_shift,
				      &c->crash->arena, e))
		return false;
	d.choice.judged = d.is_flat ? &d.judged : NULL;
	if (!choose_begin(&d.choice, e) || !begin_dump(&d, e))
		return within(e, "beginning the dump");
	if (!plan_pages(&d, e))
		return within(e, "choosing pages");
	enter(c, STAGE_COPY, c->t->n_kept);
	manifest_hold_space(c->sink);
	verify_meanwhile(c, f, &d.w);
	copier = copy_prepare(c, &d.w, e);
	if (!copier)
		return false;
	if (!fits(&d, copier, e)) {
		copy_finish(copier);
		return false;
	}
	*keep_part = true;
	copied = copy(&d, copier, &why);
	enter(c, STAGE_SYNC, 0);
	ended = kdump_end(&d.w, e);
	c->t->dump_len = d.is_flat ? d.flat.len : d.w.data_end;
	c->t->data_len = kdump_written_len(&d.w);
	c->t->holes_len = d.is_flat ? 0 : d.w.holes.len;
	c->t->n_shared = d.w.n_shared;
	if (!copied)
		*e = why;	/* what came first is what went wrong */
	if (!copied || !ended)
		return within(e, "writing vmcore");
	return seal(&d, e);
}

void capture_found(struct capture *c)
{
	const struct crash *crash = c->crash;
	const char *lacks = c->sink->lacks;
	struct totals *t = c->t;

	t->valid = t->verified && !lacks[0];
	if (lacks[0])
		capture_because(t, "%s", lacks);
	t->complete = verify_is_complete(c);
	if (t->n_unreadable)
		capture_because(t, "%llu pages could not be read in the crashed machine",
				(unsigned long long)t->n_unreadable);
	if (crash->core.missing_len)
		capture_because(t, "the core is cut off, %llu bytes of memory are not in it",
				(unsigned long long)crash->core.missing_len);
}

static bool save_dump(struct capture *c, struct err *e)
{
	struct sink_file f;
	bool keep_part = false, filled;

	if (!sink_create(c->sink, crash_files[CRASH_DUMP].name, &f, e))
		return false;
	filled = fill_dump(c, &f, &keep_part, e);
	verify_stop(c);
	if (!filled || !c->sink->ops->commit(&f, e)) {
		/* A part without pages is of no use to anybody. */
		c->sink->ops->abandon(&f, keep_part);
		return false;
	}
	capture_found(c);
	return true;
}

/* ---- the rest --------------------------------------------------------------- */

void capture_begin(struct capture *c)
{
	*c->t = (struct totals){ .is_begun = true, .level_used = c->job->level };
}

/* A log that cannot be read never costs us the dump, and no other target has it. */
void capture_log(struct capture *c)
{
	struct err e;

	begin(c, STAGE_DMESG);
	c->t->dmesg_missing = false;
	if (!logs_save_dmesg(c, &e))
		log_warn("dmesg not saved: %s", e.text);
	leave(c);
}

static bool put_report(struct capture *c, enum crash_file file, const char *text, size_t len)
{
	const char *name = crash_files[file].name;
	struct err e;

	if (sink_put(c->sink, name, text, len, &e))
		return true;
	log_warn("%s not saved: %s", name, e.text);
	return false;
}

/* What it says is of use without the dump; that it is not there costs nothing else. */
void capture_report(struct capture *c)
{
	const struct reported *r = c->reported;
	size_t json_len = r ? reported_json_len(r) : 0;

	if (!r || c->t->report_saved)
		return;
	c->t->report_saved = put_report(c, CRASH_REPORT, r->text, r->text_len) &&
			     (!json_len ||
			      put_report(c, CRASH_REPORT_JSON, r->json, json_len));
}

void capture_tell(struct capture *c)
{
	unsigned n_reasons = c->t->n_reasons;
	struct err e;

	capture_because(c->t, "the capture was not finished");
	if (!manifest_save(c, &e))
		log_warn("no manifest yet: %s", e.text);
	c->t->n_reasons = n_reasons;
}

/* Counts of a dump that was tried before here, and not begun, are not added to. */
static void count_anew(struct totals *t)
{
	memset(t->n_verdict, 0, sizeof(t->n_verdict));
	t->n_present = t->n_kept = t->n_zero = t->n_unreadable = 0;
	t->n_written = t->n_shared = 0;
	t->dump_len = t->data_len = t->holes_len = 0;
	t->reread_len = t->reread_early_len = t->head_len = 0;
	t->sha256[0] = t->sha256_head[0] = t->sha256_pages[0] = '\0';
	t->no_room = t->sampled = false;
}

/* Of two parts the better one is what is left. */
static void settle_parts(struct sink *sink, struct totals *t, bool is_whole)
{
	uint64_t len = t->data_len;
	char had[32], has[32];

	if (!earlier_settle(sink, t, is_whole))
		return;
	format_bytes(t->data_len, had, sizeof(had));
	format_bytes(len, has, sizeof(has));
	log_info("the part of an attempt before is kept: %s of pages, this one has %s", had,
		 has);
	capture_because(t, "what is there is of an attempt before, with %s of pages; the last "
			"one came to %s", had, has);
}

bool capture_dump(struct capture *c, struct err *e)
{
	size_t mark = crash_mark(c->crash);
	bool ok;

	earlier_set_aside(c->sink, c->t);
	count_anew(c->t);
	begin(c, STAGE_SCAN);
	ok = save_dump(c, e);
	leave(c);
	if (!ok)
		capture_because(c->t, "%s", e->text);
	settle_parts(c->sink, c->t, ok);
	crash_release(c->crash, mark);
	return ok;
}

bool capture_end(struct capture *c, struct err *e)
{
	bool ok;

	begin(c, STAGE_FINISH);
	/* Where the last attempt died. */
	settle_parts(c->sink, c->t, c->t->earlier_len &&
				    c->sink->ops->has(c->sink, crash_files[CRASH_DUMP].name));
	ok = manifest_save(c, e);
	if (c->job->kmsg)
		logs_save_kmsg(c->job->kmsg, c->sink);
	return ok;
}

bool capture(struct capture *c, struct err *e)
{
	const struct reporter_wish wish = { .known_file = "" };
	struct reporter reporter = { .shared = NULL };
	struct err manifest_err;
	bool ok, manifest_ok;

	capture_begin(c);
	if (!c->job->salvage_only)
		reporter_start(&reporter, c->crash, &wish);
	capture_log(c);
	c->reported = reporter_wait(&reporter, &c->progress->alive);
	capture_report(c);
	capture_tell(c);
	ok = capture_dump(c, e);
	manifest_ok = capture_end(c, &manifest_err);
	if (!manifest_ok && ok)
		*e = manifest_err;
	else if (!manifest_ok)
		log_warn("manifest not saved: %s", manifest_err.text);
	return ok && manifest_ok;
}
