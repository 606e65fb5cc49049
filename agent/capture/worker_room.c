/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers and batches by memory. A worker is begun only where it fits with what it can take at
 * most, though pages pack well as a rule: a copy that dies for want of memory is made once more
 * with one worker, but that costs its time twice.
 */
#include "worker_room.h"

#include "base/bytes.h"
#include "dump/kdumpfile.h"

#define MAX_WORKERS 16		/* that are not asked for */
/*
 * What one worker needs to be free beside the writer's buffers, in the kernel's own words
 * (MemAvailable), which say too much where there are more CPUs, each of which keeps some:
 * with buffers of 2176 KiB and 2488 KiB free one worker was seen to die, with 2616 to save
 * all; with 3296 and three CPUs two died.
 */
#define FIRST_LEN (384u << 10)
/* With less, writes are shorter, and fewer of the pages that come again are remembered. */
#define SHORT_LEN (4096u << 10)

/* Alone, there is nobody to work on a second batch meanwhile. */
static size_t least_batches(unsigned n_workers)
{
	return n_workers > 1 ? n_workers + 1 : 1;
}

/* So that nobody waits for the one who writes. */
static size_t most_batches(unsigned n_workers)
{
	return n_workers > 1 ? 2 * n_workers + 2 : 1;
}

/* What is written, and pages that may come again. */
static uint64_t buffers_len(const struct worker_want *w)
{
	return w->buf_len + recent_room(w->buf_len);
}

static uint64_t least_len(const struct worker_want *w, unsigned n)
{
	return FIRST_LEN + buffers_len(w) + (n - 1) * (uint64_t)w->worker_len +
	       (least_batches(n) - 1) * (uint64_t)w->batch_len;
}

size_t worker_room_buffer(uint64_t available_len)
{
	return available_len < SHORT_LEN ? KDUMP_BUF_LEAST : KDUMP_BUF_LEN;
}

struct worker_room worker_room_asked(unsigned n_workers)
{
	return (struct worker_room){ n_workers, most_batches(n_workers) };
}

struct worker_room worker_room(const struct worker_want *w)
{
	unsigned n = max_u64(1, min_u64(w->n_cpus, MAX_WORKERS));
	struct worker_room r;
	uint64_t left;

	while (n > 1 && least_len(w, n) > w->available_len)
		n--;
	r = worker_room_asked(n);
	left = n > 1 ? w->available_len - least_len(w, n) : 0;
	r.n_batches = min_u64(r.n_batches, least_batches(n) + left / w->batch_len);
	return r;
}
