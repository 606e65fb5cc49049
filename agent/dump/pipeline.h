/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ordered work on batches by any number of threads, none included. Beside it only behind.c
 * has a thread. See pipeline.c for who may touch a batch when.
 */
#ifndef DUMP_PIPELINE_H
#define DUMP_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct pipeline_ops {
	/* Main thread: fills a batch with what is to be done; false: there is no more. */
	bool (*next)(void *ctx, void *batch);
	/* Any thread: does it. `worker` is that thread's own context. Cannot fail. */
	void (*work)(void *worker, void *batch);
	/* Main thread, in the order of next: takes the result. False ends all. */
	bool (*emit)(void *ctx, void *batch, struct err *e);
};

struct pipeline {
	const struct pipeline_ops *ops;
	void *ctx;
	void **batches;		/* n_batches of them, the caller's */
	size_t n_batches;
	/*
	 * Contexts of the workers: workers[0] is the main thread's, used when a batch is
	 * wanted that nobody has begun; the n_threads others have threads of their own.
	 */
	void **workers;
	unsigned n_threads;
};

#define PIPELINE_MAX_THREADS 256

/* Runs until next says no and all is emitted, or emit fails. */
bool pipeline_run(const struct pipeline *p, struct err *e);

#endif
