/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pipeline. Batch number n lives in slot n modulo the number of slots, so order needs
 * no list and memory has its bound. Three numbers only ever grow:
 *
 *	emitted <= claimed <= loaded
 *
 * Below `emitted` a slot is free. Between `emitted` and `claimed` a batch belongs to
 * whoever claimed it until done[slot] is set, then to the main thread. Between
 * `claimed` and `loaded` it is waiting and nobody touches it. Only the main thread
 * moves `loaded` and `emitted`; `claimed` and done[] change under the lock.
 *
 * The main thread loads until the slots are full, then wants the oldest batch. If
 * nobody has claimed that one it works on it itself: without threads this is the
 * whole program, so there is no second, serial one.
 */
#include "pipeline.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

#define MAX_SLOTS 1024

struct run {
	const struct pipeline *p;
	pthread_mutex_t lock;
	pthread_cond_t loaded_more;	/* or closing */
	pthread_cond_t done_more;
	uint64_t loaded, claimed, emitted;
	bool done[MAX_SLOTS];
	bool closing;
};

struct thread {
	struct run *run;
	void *worker;
	pthread_t id;
};

static void *batch_at(const struct run *r, uint64_t n)
{
	return r->p->batches[n % r->p->n_batches];
}

/* With the lock held; works without it. */
static void work_on_next(struct run *r, void *worker)
{
	uint64_t n = r->claimed++;

	pthread_mutex_unlock(&r->lock);
	r->p->ops->work(worker, batch_at(r, n));
	pthread_mutex_lock(&r->lock);
	r->done[n % r->p->n_batches] = true;
	pthread_cond_signal(&r->done_more);
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;
	struct run *r = t->run;

	pthread_mutex_lock(&r->lock);
	while (!r->closing) {
		if (r->claimed < r->loaded)
			work_on_next(r, t->worker);
		else
			pthread_cond_wait(&r->loaded_more, &r->lock);
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void publish(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	r->done[r->loaded % r->p->n_batches] = false;
	r->loaded++;
	pthread_cond_signal(&r->loaded_more);
	pthread_mutex_unlock(&r->lock);
}

static void await_oldest(struct run *r)
{
	pthread_mutex_lock(&r->lock);
	while (!r->done[r->emitted % r->p->n_batches]) {
		if (r->claimed < r->loaded)
			work_on_next(r, r->p->workers[0]);
		else
			pthread_cond_wait(&r->done_more, &r->lock);
	}
	pthread_mutex_unlock(&r->lock);
}

static bool pump(struct run *r, struct err *e)
{
	const struct pipeline *p = r->p;
	bool more = true;

	for (;;) {
		while (more && r->loaded - r->emitted < p->n_batches) {
			more = p->ops->next(p->ctx, batch_at(r, r->loaded));
			if (more)
				publish(r);
		}
		if (r->emitted == r->loaded)
			return true;
		await_oldest(r);
		if (!p->ops->emit(p->ctx, batch_at(r, r->emitted), e))
			return false;
		r->emitted++;
	}
}

static void finish(struct run *r, struct thread *threads, unsigned n_threads)
{
	pthread_mutex_lock(&r->lock);
	r->closing = true;
	pthread_cond_broadcast(&r->loaded_more);
	pthread_mutex_unlock(&r->lock);
	for (unsigned i = 0; i < n_threads; i++)
		pthread_join(threads[i].id, NULL);
}

bool pipeline_run(const struct pipeline *p, struct err *e)
{
	struct run run = {
		.p = p,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.loaded_more = PTHREAD_COND_INITIALIZER,
		.done_more = PTHREAD_COND_INITIALIZER,
	};
	struct thread threads[PIPELINE_MAX_THREADS];
	unsigned n_threads = 0;
	bool ok;

	if (!p->n_batches || p->n_batches > MAX_SLOTS || p->n_threads > PIPELINE_MAX_THREADS)
		return fail(e, EINVAL, "pipeline of %zu batches and %u threads", p->n_batches,
			    p->n_threads);
	/* A thread that cannot be had makes it slower, not wrong. */
	while (n_threads < p->n_threads) {
		struct thread *t = &threads[n_threads];

		*t = (struct thread){ .run = &run, .worker = p->workers[n_threads + 1] };
		if (pthread_create(&t->id, NULL, thread_main, t))
			break;
		n_threads++;
	}
	ok = pump(&run, e);
	finish(&run, threads, n_threads);
	return ok;
}
