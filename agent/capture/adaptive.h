/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The effort of each batch of a copy: what is measured goes to dump/effort.h. */
#ifndef CAPTURE_ADAPTIVE_H
#define CAPTURE_ADAPTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "dump/effort.h"
#include "sampling.h"

struct batch;

/* Clocks of a moment. */
struct adaptive_clocks {
	double wall_s, thread_s;	/* the thread's: of CPU */
	long n_waits;			/* as often it gave up the CPU by itself */
};

struct adaptive {
	struct effort effort;
	unsigned n_workers, least;
	bool is_fixed;			/* the effort is what somebody wants to have */
	struct adaptive_clocks before;	/* what goes out now */
	double last_s;			/* when the last batch was out; 0: there was none */
	double looked_s, own_s, idle_s;	/* when it was last asked who uses the CPUs */
};

/* The clocks of now. */
struct adaptive_clocks adaptive_now(void);

/* Seconds for which the thread waited for others between the two. */
double adaptive_waited_s(const struct adaptive_clocks *before,
			 const struct adaptive_clocks *after);

/* back: when what was written is read once more. */
void adaptive_begin(struct adaptive *a, const struct sampled *s, unsigned n_workers,
		    enum effort_back back);

/* This effort and no other. */
void adaptive_fix(struct adaptive *a, unsigned effort);

/*
 * Packs no less hard than what fits into so many bytes, and what does not fit at all as hard
 * as can be. The bytes that it needs at least.
 */
uint64_t adaptive_fit(struct adaptive *a, const struct sampled *s, uint64_t room);

/* Around what hands a batch to the target, by one thread; that so many bytes went out of. */
void adaptive_before(struct adaptive *a, const struct adaptive_clocks *now);
void adaptive_after(struct adaptive *a, const struct batch *b, uint64_t len_out,
		    const struct adaptive_clocks *now);

#endif
