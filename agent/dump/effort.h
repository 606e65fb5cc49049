/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How hard to pack, as it goes: while the target waits for CPUs less, while the CPUs wait for
 * the target more. Nothing but numbers in, and the next batch's effort out.
 *
 * Each effort costs so much CPU and leaves so many bytes, as samples of this memory have
 * shown; what is measured in each batch says what a CPU and the target can do now. Where two
 * efforts by turns come to less time than any one alone, they take turns.
 */
#ifndef DUMP_EFFORT_H
#define DUMP_EFFORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define N_EFFORTS 10
#define EFFORT_NONE 0u		/* pages as they are */
#define EFFORT_USUAL 7u		/* what is right where nothing is known */
#define EFFORT_MOST (N_EFFORTS - 1u)

/* Of one byte of memory, on the average; nothing of EFFORT_NONE. */
struct effort_point {
	double pack_s;		/* seconds of one CPU */
	double len;		/* bytes that are left */
};

/* When what was written is read once more. */
enum effort_back { BACK_NEVER, BACK_AFTER, BACK_MEANWHILE };

struct effort_reading {
	enum effort_back when;
	double byte_s;		/* of one CPU, for a byte */
};

/* A batch that has gone to the target. */
struct effort_batch {
	unsigned effort;
	uint64_t len_in, len_packed;	/* pages that are not zero, and what came of them */
	uint64_t len_out;	/* of that what goes out: some was there a moment ago */
	double work_s, pack_s;	/* that its worker took for it all, and of that to pack */
	double put_s;		/* seconds of CPU that handing it to the target took */
	double blocked_s;	/* that this waited for the target */
	double wall_s;		/* since the one before it */
};

/* What was measured, over the last batches. */
struct effort_sums {
	double in, all_packed, out, wall_s, blocked_s, read_s, put_s;
	/* Of batches that were packed: as measured, and as the points say. */
	double packed, packed_said, pack_s, pack_s_said;
};

struct effort {
	struct effort_point points[N_EFFORTS];
	unsigned n_workers;
	struct effort_reading reading;
	unsigned least, most;	/* the bounds of what is chosen */
	/* Bytes a second that the target takes, and what is known of it. */
	double rate;
	bool has_blocked;	/* it has been seen */
	double since_s, since_len, gap_len, push, push_len;
	struct effort_sums sums;
	/* Of so large a share of the batches the effort is high, else low. */
	unsigned low, high;
	double share, carry;
};

void effort_begin(struct effort *f, const struct effort_point points[N_EFFORTS],
		  unsigned n_workers, const struct effort_reading *reading);

/* Only efforts from `least` to `most` from now on. */
void effort_bound(struct effort *f, unsigned least, unsigned most);

/* Of the batch to be packed next. */
unsigned effort_next(struct effort *f);

/* Learns from a batch; in the order in which they went out. */
void effort_learn(struct effort *f, const struct effort_batch *b);

#endif
