/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copying pages into the dump. The three steps of the pipeline: choose() chooses frames, a
 * worker reads and packs them in any thread, emit() hands them to the writer in order.
 */
#include "copy.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "adaptive.h"
#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "crash.h"
#include "dump/behind.h"
#include "dump/codec.h"
#include "dump/kdumpfile.h"
#include "dump/pipeline.h"
#include "job.h"
#include "manifest.h"
#include "packer.h"
#include "pages/priority.h"
#include "sampling.h"
#include "targets/sink.h"
#include "worker_room.h"

#define THREAD_LEN (256u << 10)	/* of stacks, and of page tables for its windows */
#define SETTLE_S 1.0
#define BUSY_PART 0.5		/* of the time: so much waits for a target that has no room */
#define LOGGED_UNREADABLE 4

/* Where next() is: class by class, each by its ranges. */
struct order {
	const struct priority *worth;
	int class;
	size_t range;
	bool started;		/* pfn and end are those of range */
	pfn_t pfn, end;
	uint64_t rank;		/* of the next bit at or after pfn in its piece */
	bool rank_known;
};

struct copier {
	struct pipeline pipeline;
	struct kdump_writer *writer;
	struct crash *crash;
	const struct job *job;
	unsigned n_workers, per_batch;
	struct order order;
	struct progress *progress;
	struct totals *t;
	struct meter meter;
	double settle_at;	/* monotonic second */
	bool is_settled;	/* by the batch that goes out now */
	struct behind *behind;	/* is told what is durable, or NULL */
	bool is_forced;		/* to read, however the target is waited for */
	double waited_s, told_s;	/* for the target, since it was told at that second */
	struct sampled sampled;
	bool adapts;		/* the codec has efforts to choose from */
	struct adaptive adaptive;
	struct err stop;	/* why next() gave up, code 0: it did not */
};

/* ---- choosing --------------------------------------------------------------- */

/* Steps to the next range of frames to go through; false: that was the last. */
static bool next_range(struct order *o, uint64_t max_pfn)
{
	for (; o->class < N_PRIORITIES; o->class++, o->started = false) {
		const struct pfn_range all = { 0, max_pfn }, *ranges = &all;
		size_t i = o->started ? o->range + 1 : 0, n = 1;

		if (o->class != PRIORITY_REST) {
			ranges = o->worth->ranges[o->class];
			n = o->worth->n[o->class];
		}
		if (i >= n)
			continue;
		o->range = i;
		o->started = true;
		o->pfn = ranges[i].first;
		o->end = min_u64(ranges[i].end, max_pfn);
		o->rank_known = false;
		return true;
	}
	return false;
}

/* The next frame to copy and the place of its descriptor. */
static bool next_page(struct copier *c, pfn_t *pfn_ret, uint64_t *idx_ret, struct err *e)
{
	struct page_index *x = &c->writer->index;
	struct order *o = &c->order;

	for (;;) {
		uint64_t piece, in_piece, bit;

		if (!o->started || o->pfn >= o->end) {
			if (!next_range(o, x->max_pfn))
				return false;
			continue;
		}
		if (!o->rank_known && !index_rank(x, o->pfn, &o->rank, e))
			return false;
		o->rank_known = true;
		piece = o->pfn / PIECE_PFNS;
		if (!index_load(x, piece, e))
			return false;
		in_piece = min_u64(o->end - piece * PIECE_PFNS, PIECE_PFNS);
		bit = bitmap_next(x->bits, in_piece, o->pfn % PIECE_PFNS);
		if (bit == in_piece) {
			o->pfn = index_next_piece(x, piece + 1) * PIECE_PFNS;
			continue;
		}
		*pfn_ret = piece * PIECE_PFNS + bit;
		*idx_ret = o->rank++;
		o->pfn = *pfn_ret + 1;
		if (!priority_has(o->worth, o->class, *pfn_ret))
			return true;
	}
}

static void show_progress(struct copier *c)
{
	char line[160];

	if (c->job->show_progress &&
	    meter_line(&c->meter, c->progress, monotonic_seconds(), line, sizeof(line)))
		log_info("%s", line);
}

static bool choose(void *ctx, void *batch)
{
	struct copier *c = ctx;
	struct batch *b = batch;

	if (c->job->give_up && monotonic_seconds() >= c->job->give_up && !c->stop.code)
		fail(&c->stop, ETIMEDOUT, "the deadline came before the last page");
	if (c->stop.code)
		return false;
	for (b->n = 0; b->n < c->per_batch; b->n++) {
		struct item *item = &b->items[b->n];

		if (!next_page(c, &item->pfn, &item->idx, &c->stop))
			break;
	}
	if (c->adapts)
		b->effort = effort_next(&c->adaptive.effort);
	return b->n > 0;
}

/* ---- writing ---------------------------------------------------------------- */

static void count_unreadable(struct copier *c, const struct item *item)
{
	if (c->t->n_unreadable++ < LOGGED_UNREADABLE)
		log_warn("page %#llx is missing from the dump: %s",
			 (unsigned long long)item->pfn, item->why);
}

/* Reading takes from writing what a target can do, unless it is idle half of the time. */
static void tell_behind(struct copier *c, double now)
{
	bool has_room = c->waited_s < BUSY_PART * (now - c->told_s);

	if (c->behind)
		behind_tell(c->behind, c->writer->buf_off, c->is_forced || has_room);
	c->waited_s = 0;
	c->told_s = now;
}

/*
 * As they come, the worthiest first, pages are made durable: at once what was emitted first,
 * then what came in each second. While the storage is what we wait for, it costs nothing.
 */
static bool settle(struct copier *c, struct err *e)
{
	if (monotonic_seconds() < c->settle_at)
		return true;
	if (!kdump_settle(c->writer, e))
		return false;
	progress_set(&c->progress->settled, progress_get(&c->progress->done));
	c->is_settled = true;
	c->settle_at = monotonic_seconds() + SETTLE_S;
	return true;
}

static bool put_batch(struct copier *c, const struct batch *b, struct err *e)
{
	for (unsigned i = 0; i < b->n; i++) {
		const struct item *item = &b->items[i];
		bool ok = true;

		if (item->outcome == UNREADABLE)
			count_unreadable(c, item);
		else if (item->outcome == ZERO)
			ok = kdump_put_zero_page(c->writer, item->idx, e);
		else
			ok = kdump_put_page(c->writer, item->idx, &item->page, e);
		if (!ok)
			return false;
		c->t->n_zero += item->outcome == ZERO;
		c->t->n_written += item->outcome != UNREADABLE;
	}
	c->t->data_len = kdump_written_len(c->writer);
	progress_set(&c->progress->done, c->t->n_written + c->t->n_unreadable);
	show_progress(c);
	return settle(c, e);
}

static bool emit(void *ctx, void *batch, struct err *e)
{
	struct copier *c = ctx;
	uint64_t end = c->writer->data_end;
	struct adaptive_clocks before = adaptive_now(), after;
	bool ok;

	if (c->adapts)
		adaptive_before(&c->adaptive, &before);
	ok = put_batch(c, batch, e);
	after = adaptive_now();
	if (c->adapts)
		adaptive_after(&c->adaptive, batch, c->writer->data_end - end, &after);
	c->waited_s += adaptive_waited_s(&before, &after);
	if (c->is_settled)
		tell_behind(c, after.wall_s);
	c->is_settled = false;
	return ok;
}

static enum effort_back when_back(const struct capture *c)
{
	if (c->sink->is_unread)
		return BACK_NEVER;
	/* Of a target that is waited for most of the time nothing is read before the end. */
	return c->behind && c->behind->is_running && c->job->read_back == READ_BACK_MEANWHILE
	       ? BACK_MEANWHILE : BACK_AFTER;
}

static const struct pipeline_ops ops = { .next = choose, .work = worker_do, .emit = emit };

/* ---- setting up ------------------------------------------------------------- */

/* As many as there are CPUs that are up, as long as memory is no worry. */
static struct worker_room room_of(const struct copier *c)
{
	size_t page_size = c->writer->block_size;
	long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	const struct worker_want want = {
		.available_len = system_memory_available(),
		.buf_len = c->writer->buf_room,
		.n_cpus = n_cpus > 0 ? n_cpus : 1,
		.worker_len = c->job->codec->pack_size(page_size) + page_size + THREAD_LEN,
		.batch_len = sizeof(struct batch) + BATCH_LEN,
	};

	return c->job->workers ? worker_room_asked(c->job->workers) : worker_room(&want);
}

static bool new_batches(struct copier *c, size_t n, struct arena *arena, struct err *e)
{
	struct pipeline *p = &c->pipeline;

	c->per_batch = min_u64(BATCH_MAX, BATCH_LEN / c->writer->block_size);
	p->n_batches = n;
	p->batches = arena_take(arena, p->n_batches, sizeof(p->batches[0]), "batches", e);
	for (size_t i = 0; p->batches && i < p->n_batches; i++) {
		struct batch *b = arena_take(arena, 1, sizeof(*b), "batch", e);

		if (!b || !(b->out = arena_take(arena, BATCH_LEN, 1, "batch", e)))
			return false;
		b->effort = worker_usual_effort(c->job->codec);
		p->batches[i] = b;
	}
	return p->batches;
}

static bool new_workers(struct copier *c, struct arena *arena, struct err *e)
{
	void **workers = arena_take(arena, c->n_workers, sizeof(void *), "workers", e);
	size_t page_size = c->writer->block_size;

	c->pipeline.workers = workers;
	for (unsigned i = 0; workers && i < c->n_workers; i++)
		if (!(workers[i] = worker_new(c->crash, c->job->codec, page_size, e)))
			return false;
	return workers;
}

struct copier *copy_prepare(struct capture *capture, struct kdump_writer *writer,
			    struct err *e)
{
	const struct job *job = capture->job;
	struct arena *arena = &capture->crash->arena;
	struct copier *c = arena_take(arena, 1, sizeof(*c), "copier", e);
	struct worker_room room;
	struct packed_page zero;
	struct worker *w;

	if (!c)
		return NULL;
	c->crash = capture->crash;
	c->job = job;
	c->progress = capture->progress;
	c->t = capture->t;
	c->writer = writer;
	c->behind = capture->behind;
	c->is_forced = job->read_back == READ_BACK_MEANWHILE;
	room = room_of(c);
	c->n_workers = c->t->n_workers = room.n_workers;
	c->adapts = job->codec->set_effort;
	c->pipeline = (struct pipeline){ .ops = &ops, .ctx = c,
					 .n_threads = c->n_workers - 1 };
	if (!new_workers(c, arena, e) || !new_batches(c, room.n_batches, arena, e))
		return NULL;
	/* The fresh page of a worker is the page of zeroes. */
	w = c->pipeline.workers[0];
	zero = worker_pack(w, w->page, ((struct batch *)c->pipeline.batches[0])->out);
	if (!kdump_set_zero_page(writer, &zero, e))
		return NULL;
	if (!sample_pages(&c->sampled, &c->pipeline, &writer->index, e)) {
		copy_finish(c);
		return NULL;
	}
	if (c->adapts)
		adaptive_begin(&c->adaptive, &c->sampled, c->n_workers, when_back(capture));
	if (c->adapts && job->effort)
		adaptive_fix(&c->adaptive, codec_effort_named(job->effort));
	return c;
}

uint64_t copy_need_len(struct copier *c, uint64_t free_len, uint64_t taken)
{
	if (c->adapts)
		return adaptive_fit(&c->adaptive, &c->sampled,
				    free_len > taken ? free_len - taken : 0);
	return c->sampled.packed_len[worker_usual_effort(c->job->codec)];
}

static void log_copied(const struct copier *c, double seconds)
{
	uint64_t len = c->t->n_written * c->writer->block_size;
	char memory[32], rate[32];

	if (seconds > 0)
		c->t->copy_rate = len / seconds;
	format_bytes(len, memory, sizeof(memory));
	format_bytes(c->t->copy_rate, rate, sizeof(rate));
	log_info("copied %s in %.1f s, %s/s", memory, seconds, rate);
}

bool copy_pages(struct copier *c, const struct priority *worth, struct err *e)
{
	double began = monotonic_seconds();
	bool ok;

	c->order = (struct order){ .worth = worth };
	c->meter = (struct meter){ .every_s = 1, .page_size = c->writer->block_size };
	c->told_s = began;
	ok = pipeline_run(&c->pipeline, e);
	log_copied(c, monotonic_seconds() - began);
	if (!ok)
		return false;
	if (c->stop.code) {
		*e = c->stop;
		return false;
	}
	return true;
}

void copy_finish(struct copier *c)
{
	for (unsigned i = 0; i < c->n_workers; i++)
		crash_view_close(&((struct worker *)c->pipeline.workers[i])->view);
}
