/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/pipeline: results come in order and each batch is worked on once, for any number
 * of threads and batches; a failing end stops all and is reported. Also meant to be run
 * with a thread sanitizer.
 */
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/err.h"
#include "dump/pipeline.h"
#include "t.h"

struct batch {
	unsigned nr;
	uint64_t result;
	unsigned n_worked;
};

struct run {
	unsigned n_wanted, n_loaded, n_emitted, fail_at;
	bool in_order;
};

static atomic_uint n_work;

static bool next(void *ctx, void *batch)
{
	struct run *r = ctx;
	struct batch *b = batch;

	if (r->n_loaded == r->n_wanted)
		return false;
	*b = (struct batch){ .nr = r->n_loaded++ };
	return true;
}

static uint64_t expected(unsigned nr)
{
	uint64_t x = nr + 1;

	for (unsigned i = 0; i < 50 + nr % 7 * 100; i++)
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
	return x;
}

static void work(void *worker, void *batch)
{
	struct batch *b = batch;

	(void)worker;
	b->result = expected(b->nr);
	b->n_worked++;
	if (b->nr % 13 == 0)
		usleep(50);	/* let others overtake */
	atomic_fetch_add(&n_work, 1);
}

static bool emit(void *ctx, void *batch, struct err *e)
{
	struct run *r = ctx;
	struct batch *b = batch;

	if (b->nr != r->n_emitted || b->n_worked != 1 || b->result != expected(b->nr))
		r->in_order = false;
	if (r->n_emitted == r->fail_at)
		return fail(e, ENOSPC, "the disk is full");
	r->n_emitted++;
	return true;
}

static const struct pipeline_ops ops = { next, work, emit };

static void test_run(unsigned n_threads, unsigned n_batches, unsigned n_wanted,
		     unsigned fail_at)
{
	struct batch batches[64];
	void *pointers[64], *workers[17] = { 0 };
	struct run r = { .n_wanted = n_wanted, .fail_at = fail_at, .in_order = true };
	struct pipeline p = {
		.ops = &ops, .ctx = &r, .batches = pointers, .n_batches = n_batches,
		.workers = workers, .n_threads = n_threads,
	};
	bool fails = fail_at < n_wanted, ok;
	struct err e = { .code = 0 };
	char row[120];

	for (unsigned i = 0; i < n_batches; i++)
		pointers[i] = &batches[i];
	snprintf(row, sizeof(row), "%u threads, %u slots, %u batches, fails at %d", n_threads,
		 n_batches, n_wanted, fails ? (int)fail_at : -1);
	atomic_store(&n_work, 0);
	ok = pipeline_run(&p, &e);
	T_EQUAL(row, !fails, ok);
	T_CHECK(row, r.in_order);
	T_EQUAL(row, fails ? fail_at : n_wanted, r.n_emitted);
	T_EQUAL(row, fails ? ENOSPC : 0, e.code);
	if (!fails)
		T_EQUAL(row, n_wanted, atomic_load(&n_work));
}

int main(void)
{
	static const unsigned threads[] = { 0, 1, 2, 3, 8, 16 };
	static const unsigned slots[] = { 1, 2, 3, 8, 64 };
	static const unsigned wanted[] = { 0, 1, 2, 63, 500 };

	for (size_t t = 0; t < T_SIZE(threads); t++)
		for (size_t s = 0; s < T_SIZE(slots); s++)
			for (size_t w = 0; w < T_SIZE(wanted); w++) {
				test_run(threads[t], slots[s], wanted[w], ~0U);
				test_run(threads[t], slots[s], wanted[w], 0);
				test_run(threads[t], slots[s], wanted[w], wanted[w] / 2);
			}
	return t_done();
}
