/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading back behind the durable edge, while what comes behind it is still being written: a
 * thread with time that nobody else wants. It decides nothing: what it could not read, or did
 * not come to, is left to whoever reads the rest.
 */
#ifndef DUMP_BEHIND_H
#define DUMP_BEHIND_H

#include <pthread.h>

#include "base/out.h"
#include "readback.h"

/* So much is left alone: a file that is short is as soon read in one piece. */
#define BEHIND_LEAST (16u << 20)
#define BEHIND_WINDOW (128u << 10)	/* is read at a time */
#define BEHIND_BUF_LEN (BEHIND_WINDOW + OUT_BLOCK)	/* of its buffer, wherever that lies */

struct behind {
	struct readback r;	/* the thread's, until it has ended */
	uint64_t from, off;	/* [from, off) was read */
	uint64_t edge;		/* in front of it all is durable, ... */
	bool may;		/* ... and this is the time to read it */
	bool is_over, is_running;
	pthread_t id;
	pthread_mutex_t lock;	/* of edge, may and is_over */
	pthread_cond_t told;
};

/*
 * Begins a thread that reads as r says, from `from` on: it has a buffer of its own, and a sink
 * that may be read by one thread while another writes. One that cannot be had reads nothing.
 */
void behind_begin(struct behind *b, const struct readback *r, uint64_t from);

/* All in front of edge is durable. May it be read now? */
void behind_tell(struct behind *b, uint64_t edge, bool may);

/* Ends the thread; b->r is what it has read. Once, whatever else has failed. */
void behind_end(struct behind *b);

#endif
