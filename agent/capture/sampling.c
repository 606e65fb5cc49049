/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Samples. Where there are efforts to choose from, each sample is packed with all of them,
 * and what that takes is measured: by the thread's own clock, as other programs do not count.
 */
#include "sampling.h"

#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/err.h"
#include "dump/codec.h"
#include "dump/pageindex.h"
#include "dump/pipeline.h"
#include "packer.h"

#define MAX_SAMPLES 256
#define MAX_TRIED 128		/* with all efforts */
#define SAMPLE_BATCH 16

struct sampler {
	struct page_index *index;
	struct worker *worker;
	unsigned effort;
	bool tries_all;
	uint64_t next, n, len_in;
	uint64_t packed_len[N_EFFORTS];
	double pack_s[N_EFFORTS];
	struct err stop;
};

static double thread_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static bool choose_samples(void *ctx, void *batch)
{
	struct sampler *s = ctx;
	struct batch *b = batch;
	unsigned n = min_u64(SAMPLE_BATCH, BATCH_LEN / s->worker->page_size);

	b->effort = s->tries_all ? EFFORT_NONE : s->effort;
	for (b->n = 0; b->n < n && s->next < s->n && !s->stop.code; b->n++) {
		uint64_t nth = s->index->n_pages * s->next++ / s->n;

		if (!index_select(s->index, nth, &b->items[b->n].pfn, &s->stop))
			break;
	}
	return b->n > 0;
}

/* The pages of a batch are there as they are. */
static void try_effort(struct sampler *s, const struct batch *b, unsigned effort)
{
	struct worker *w = s->worker;
	double began = thread_seconds();

	worker_set_effort(w, effort);
	for (uint64_t at = 0; at < b->len_out; at += w->page_size)
		s->packed_len[effort] += worker_pack(w, b->out + at, w->page).len;
	s->pack_s[effort] += thread_seconds() - began;
}

static bool add_samples(void *ctx, void *batch, struct err *e)
{
	struct sampler *s = ctx;
	struct batch *b = batch;

	(void)e;
	s->len_in += b->len_in;
	s->packed_len[b->effort] += b->len_out;
	if (!s->tries_all)
		return true;
	for (unsigned i = EFFORT_NONE + 1; i < N_EFFORTS; i++)
		try_effort(s, b, i);
	return true;
}

static void conclude(const struct sampler *s, struct sampled *ret)
{
	uint64_t len;

	for (unsigned i = 0; i < N_EFFORTS; i++) {
		/* An eighth more for bad luck with the choice. */
		len = s->n ? s->packed_len[i] * s->index->n_pages / s->n : 0;
		ret->packed_len[i] = len + len / 8 + s->worker->page_size;
		if (s->len_in)
			ret->points[i] = (struct effort_point){
				.pack_s = s->pack_s[i] / s->len_in,
				.len = (double)s->packed_len[i] / s->len_in,
			};
	}
}

bool sample_pages(struct sampled *ret, const struct pipeline *by, struct page_index *index,
		  struct err *e)
{
	static const struct pipeline_ops sampling = {
		.next = choose_samples, .work = worker_do, .emit = add_samples,
	};
	struct worker *w = by->workers[0];
	struct sampler s = { .index = index, .worker = w, .tries_all = w->codec->set_effort,
			     .effort = worker_usual_effort(w->codec) };
	struct pipeline p = *by;

	*ret = (struct sampled){ .packed_len = { 0 } };
	s.n = min_u64(index->n_pages, s.tries_all ? MAX_TRIED : MAX_SAMPLES);
	p.ops = &sampling;
	p.ctx = &s;
	if (!pipeline_run(&p, e))
		return false;
	if (s.stop.code) {
		*e = s.stop;
		return false;
	}
	conclude(&s, ret);
	return true;
}
