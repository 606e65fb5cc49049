/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread, an edge that it is told of, and a lock between the two. */
#include "behind.h"

#include <sys/resource.h>

#include "base/bytes.h"
#include "base/err.h"

#define LEAST_NICE 19

/* As far as it may go now; 0: nowhere. */
static uint64_t next_end(const struct behind *b)
{
	uint64_t end = b->edge / OUT_BLOCK * OUT_BLOCK;

	if (!b->may || end <= b->off || end - b->from < BEHIND_LEAST)
		return 0;
	return min_u64(end, b->off / OUT_BLOCK * OUT_BLOCK + BEHIND_WINDOW);
}

static void *read_on(void *arg)
{
	struct behind *b = arg;
	struct err ignored;
	uint64_t end;
	bool ok = true;

	/* Linux takes this for the thread alone. */
	setpriority(PRIO_PROCESS, 0, LEAST_NICE);
	pthread_mutex_lock(&b->lock);
	while (ok && !b->is_over) {
		end = next_end(b);
		if (!end) {
			pthread_cond_wait(&b->told, &b->lock);
			continue;
		}
		pthread_mutex_unlock(&b->lock);
		ok = readback_range(&b->r, &b->off, end, &ignored);
		pthread_mutex_lock(&b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

void behind_begin(struct behind *b, const struct readback *r, uint64_t from)
{
	*b = (struct behind){ .r = *r, .from = from, .off = from,
			      .lock = PTHREAD_MUTEX_INITIALIZER,
			      .told = PTHREAD_COND_INITIALIZER };
	readback_begin(&b->r);
	b->is_running = !pthread_create(&b->id, NULL, read_on, b);
}

void behind_tell(struct behind *b, uint64_t edge, bool may)
{
	pthread_mutex_lock(&b->lock);
	b->edge = edge;
	b->may = may;
	pthread_cond_signal(&b->told);
	pthread_mutex_unlock(&b->lock);
}

void behind_end(struct behind *b)
{
	if (!b->is_running)
		return;
	pthread_mutex_lock(&b->lock);
	b->is_over = true;
	pthread_cond_signal(&b->told);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->id, NULL);
	b->is_running = false;
}
