/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads like what it does: dmesg, choose pages, check space, copy, verify, commit.
 * A step that fails says why, and what was saved before it stays.
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
#include "dump/kdumpfile.h"
#include "earlier_part.h"
#include "job.h"
#include "logs.h"
#include "report.h"
#include "targets/crash_files.h"
#include "targets/sink.h"

#define SPACE_MARGIN (1u << 20)		/* for manifest, logs, the file system's own needs */

/* One run of the recipe. */
struct run {
	struct crash *crash;
	struct sink *sink;
	const struct job *job;
	struct progress *progress;
	struct totals *t;
	double stage_began, cpu_began;
	struct choice choice;
};

/* The stage is over; what it took is what went by since it, or the one before, began. */
static void leave(struct run *r)
{
	double now = monotonic_seconds(), cpu = cpu_seconds();
	uint32_t was = r->progress->stage;

	if (was < N_STAGES && r->stage_began) {
		r->t->seconds[was] += now - r->stage_began;
		r->t->cpu_seconds[was] += cpu - r->cpu_began;
	}
	r->stage_began = now;
	r->cpu_began = cpu;
}

static void enter(struct run *r, enum stage s, uint64_t total)
{
	leave(r);
	r->t->system_peak = max_u64(r->t->system_peak, system_memory_used());
	progress_enter(r->progress, s, total);
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

static bool begin_dump(struct run *r, struct kdump_writer *w, struct sink_file *f,
		       struct err *e)
{
	const struct kernel *kn = &r->crash->kernel;
	const struct elfcore *core = &r->crash->core;
	struct kdump_info info = {
		.block_size = 1u << kn->page_shift,
		.time_sec = has(kn->k.crash_time) ? kn->k.crash_time : 0,
		.n_cpus = notes_n_cpus(core->notes, core->notes_len),
		.phys_base = kn->phys_base,
		.level = r->t->level_used,
		.codec_flag = r->job->codec->flag,
		.notes = core->notes,
		.notes_len = core->notes_len,
		.vmcoreinfo = r->crash->vmcoreinfo,
		.vmcoreinfo_len = r->crash->vmcoreinfo_len,
		.max_pfn = (elfcore_end(core) + (1u << kn->page_shift) - 1) >> kn->page_shift,
	};

	for (int i = 0; i < N_UTS; i++)
		info.uts[i] = kn->uts[i];
	return kdump_begin(w, &f->out, &info, &r->crash->arena, e);
}

static bool plan_pages(struct run *r, struct kdump_writer *w, struct err *e)
{
	enter(r, STAGE_SCAN, w->index.max_pfn);
	return choose_pages(&r->choice, w, e) && kdump_begin_pages(w, e);
}

/* The log and the stacks, with which a dump begins to be of use; by the average page. */
static uint64_t least_len(const struct run *r, uint64_t need_len)
{
	const struct priority *w = &r->choice.worth;
	uint64_t n = 0;

	for (int class = 0; class < PRIORITY_IMAGE; class++)
		for (size_t i = 0; i < w->n[class]; i++)
			n += w->ranges[class][i].end - w->ranges[class][i].first;
	return r->t->n_kept ? need_len / r->t->n_kept * min_u64(n, r->t->n_kept) : 0;
}

/* Who cannot say has perhaps enough; what does not fit is found out by writing. */
static uint64_t free_space(struct run *r)
{
	uint64_t free_len;
	struct err e;

	if (r->sink->ops->space(r->sink, &free_len, &e))
		return free_len;
	log_warn("%s", e.text);
	return UINT64_MAX;
}

/*
 * To come are the page data, and what could be reserved only in name. Without room for all
 * of them it is another target's turn; when none is left, a part will do.
 */
static bool fits(struct run *r, uint64_t need_len, struct err *e)
{
	uint64_t least = least_len(r, need_len) + SPACE_MARGIN, free_len = free_space(r);
	char need[32], have[32];

	if (need_len + SPACE_MARGIN > free_len &&
	    earlier_makes_room(r->sink, r->t, need_len + SPACE_MARGIN - free_len,
			       r->job->last_resort))
		free_len = free_space(r);
	if (need_len + SPACE_MARGIN <= free_len)
		return true;
	r->t->room = free_len;
	format_bytes(free_len, have, sizeof(have));
	if (least > free_len) {
		format_bytes(least, need, sizeof(need));
		return fail(e, ENOSPC, "%s: the least that a dump is good for needs about %s "
			    "more, %s are free", r->sink->where, need, have);
	}
	format_bytes(need_len + SPACE_MARGIN, need, sizeof(need));
	r->t->no_room = !r->job->last_resort;
	fail(e, ENOSPC, "%s: the dump needs about %s more, %s are free", r->sink->where, need,
	     have);
	if (r->t->no_room)
		return false;
	log_warn("%s: what fits is written, the worthiest first", e->text);
	return true;
}

static void log_copied(const struct run *r, double seconds)
{
	char memory[32], rate[32];

	format_bytes(r->t->n_written << r->crash->kernel.page_shift, memory, sizeof(memory));
	format_bytes(r->t->copy_rate, rate, sizeof(rate));
	log_info("copied %s in %.1f s, %s/s", memory, seconds, rate);
}

static bool copy(struct run *r, struct copier *c, struct err *e)
{
	struct kernel *kn = &r->crash->kernel;
	double began = monotonic_seconds(), seconds;
	bool ok;

	/* Its window is memory that the workers can use better. */
	corereader_deinit(&r->crash->reader);
	ok = copy_pages(c, &r->choice.worth, r->progress, r->t, e);
	copy_finish(c);
	seconds = monotonic_seconds() - began;
	if (seconds > 0)
		r->t->copy_rate = (double)(r->t->n_written << kn->page_shift) / seconds;
	log_copied(r, seconds);
	return ok;
}

/* A dump that there is no time to read back is still better than none, but not valid. */
static bool verify(struct run *r, struct kdump_writer *w, struct sink_file *f, bool whole,
		   unsigned n_workers, struct err *e)
{
	struct readback want = {
		.len = w->data_end,
		.sum = kdump_seal_sum(w, whole),
		.word_off = kdump_seal_off(),
		.word = kdump_seal_word(w, whole),
		.holes = &w->holes,
		.give_up = r->job->give_up,
		.n_threads = n_workers - 1,
	};

	enter(r, STAGE_VERIFY, w->data_end);
	r->t->verified = readback(&f->out, &want, (uint8_t *)w->buf, KDUMP_BUF_LEN,
				  &r->progress->done, r->t->sha256, e);
	if (r->t->verified)
		return true;
	if (e->code != ETIMEDOUT)
		return false;
	log_warn("vmcore: %s", e->text);
	capture_because(r->t, "%s", e->text);
	return true;
}

static bool is_complete(const struct crash *crash, const struct totals *t)
{
	return !t->n_unreadable && !crash->core.missing_len;
}

/* All pages into an open file, from the first byte to a verified whole. */
static bool fill_dump(struct run *r, struct sink_file *f, bool *keep_part, struct err *e)
{
	struct kdump_writer w;
	struct copier *c;
	uint64_t packed_len;
	bool copied, ended, whole;
	struct err why;

	r->choice.crash = r->crash;
	r->choice.job = r->job;
	r->choice.progress = r->progress;
	r->choice.t = r->t;
	if (!choose_begin(&r->choice, e) || !begin_dump(r, &w, f, e))
		return within(e, "beginning the dump");
	if (!plan_pages(r, &w, e))
		return within(e, "choosing pages");
	enter(r, STAGE_COPY, r->t->n_kept);
	report_hold_space(r->sink);
	c = copy_prepare(r->crash, r->job, &w, &packed_len, e);
	if (!c)
		return false;
	if (!fits(r, packed_len + f->out.owed, e)) {
		copy_finish(c);
		return false;
	}
	*keep_part = true;
	copied = copy(r, c, &why);
	enter(r, STAGE_SYNC, 0);
	ended = kdump_end(&w, e);
	r->t->dump_len = w.data_end;
	r->t->data_len = kdump_written_len(&w);
	r->t->holes_len = w.holes.len;
	r->t->n_shared = w.n_shared;
	if (!copied)
		*e = why;	/* what came first is what went wrong */
	if (!copied || !ended)
		return within(e, "writing vmcore");
	whole = is_complete(r->crash, r->t);
	return verify(r, &w, f, whole, copy_n_workers(c), e) && kdump_seal(&w, whole, e);
}

void capture_found(const struct crash *crash, const struct sink *sink, struct totals *t)
{
	t->valid = t->verified && !sink->lacks[0];
	if (sink->lacks[0])
		capture_because(t, "%s", sink->lacks);
	t->complete = is_complete(crash, t);
	if (t->n_unreadable)
		capture_because(t, "%llu pages could not be read in the crashed machine",
				(unsigned long long)t->n_unreadable);
	if (crash->core.missing_len)
		capture_because(t, "the core is cut off, %llu bytes of memory are not in it",
				(unsigned long long)crash->core.missing_len);
}

static bool save_dump(struct run *r, struct err *e)
{
	struct sink_file f;
	bool keep_part = false;

	if (!sink_create(r->sink, crash_files[CRASH_DUMP].name, &f, e))
		return false;
	if (!fill_dump(r, &f, &keep_part, e) || !r->sink->ops->commit(&f, e)) {
		/* A part without pages is of no use to anybody. */
		r->sink->ops->abandon(&f, keep_part);
		return false;
	}
	capture_found(r->crash, r->sink, r->t);
	return true;
}

/* ---- the rest --------------------------------------------------------------- */

void capture_begin(struct totals *t, const struct job *job)
{
	*t = (struct totals){ .is_begun = true, .level_used = job->level };
}

/* A log that cannot be read never costs us the dump, and no other target has it. */
void capture_log(struct crash *crash, struct sink *sink, const struct job *job,
		 struct progress *progress, struct totals *t)
{
	struct run r = { .crash = crash, .sink = sink, .job = job,
			 .progress = progress, .t = t };
	struct err e;

	enter(&r, STAGE_DMESG, 0);
	if (!logs_save_dmesg(crash, sink, job, progress, t, &e)) {
		log_warn("dmesg not saved: %s", e.text);
		t->dmesg_missing = e.code == ENOENT;
	}
	leave(&r);
}

void capture_tell(struct crash *crash, struct sink *sink, const struct job *job,
		  struct totals *t)
{
	unsigned n_reasons = t->n_reasons;
	struct err e;

	capture_because(t, "the capture was not finished");
	if (!report_save(crash, job, sink, t, &e))
		log_warn("no manifest yet: %s", e.text);
	t->n_reasons = n_reasons;
}

/* Counts of a dump that was tried before here, and not begun, are not added to. */
static void count_anew(struct totals *t)
{
	memset(t->n_verdict, 0, sizeof(t->n_verdict));
	t->n_present = t->n_kept = t->n_zero = t->n_unreadable = 0;
	t->n_written = t->n_shared = 0;
	t->dump_len = t->data_len = t->holes_len = 0;
	t->no_room = false;
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

bool capture_dump(struct crash *crash, struct sink *sink, const struct job *job,
		  struct progress *progress, struct totals *t, struct err *e)
{
	struct run r = { .crash = crash, .sink = sink, .job = job,
			 .progress = progress, .t = t };
	size_t mark = arena_mark(&crash->arena);
	bool ok;

	earlier_set_aside(sink, t);
	count_anew(t);
	enter(&r, STAGE_SCAN, 0);
	ok = save_dump(&r, e);
	leave(&r);
	if (!ok)
		capture_because(t, "%s", e->text);
	settle_parts(sink, t, ok);
	arena_release(&crash->arena, mark);
	return ok;
}

bool capture_end(struct crash *crash, struct sink *sink, const struct job *job,
		 struct progress *progress, struct totals *t, struct err *e)
{
	struct run r = { .crash = crash, .sink = sink, .job = job,
			 .progress = progress, .t = t };
	bool ok;

	enter(&r, STAGE_FINISH, 0);
	/* Where the last attempt died. */
	settle_parts(sink, t, t->earlier_len &&
			      sink->ops->has(sink, crash_files[CRASH_DUMP].name));
	ok = report_save(crash, job, sink, t, e);
	if (job->kmsg)
		logs_save_kmsg(job->kmsg, sink);
	return ok;
}

bool capture(struct crash *crash, struct sink *sink, const struct job *job,
	     struct progress *progress, struct totals *t, struct err *e)
{
	struct err manifest_err;
	bool ok, manifest_ok;

	capture_begin(t, job);
	capture_log(crash, sink, job, progress, t);
	capture_tell(crash, sink, job, t);
	ok = capture_dump(crash, sink, job, progress, t, e);
	manifest_ok = capture_end(crash, sink, job, progress, t, &manifest_err);
	if (!manifest_ok && ok)
		*e = manifest_err;
	else if (!manifest_ok)
		log_warn("manifest not saved: %s", manifest_err.text);
	return ok && manifest_ok;
}
