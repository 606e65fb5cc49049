/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sums of some pieces of a file that is written from front to back, spread over all of it
 * whatever length it comes to, and of its end: enough to read a sample of it back. Bounded, and
 * it costs nothing beside the sum of all.
 */
#ifndef DUMP_SPREAD_H
#define DUMP_SPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPREAD_PIECE (256u << 10)
#define SPREAD_MAX 256u			/* pieces at most, and half as many at least */

struct spread {
	uint64_t from, end;		/* what came so far */
	uint64_t sum;			/* of all of it */
	uint64_t stride;		/* every so many-th piece is remembered */
	unsigned n;			/* that are */
	uint64_t sums[SPREAD_MAX];
	uint64_t last_sums[2];		/* of the last piece but one, and of the last */
};

/* A part of the file and what it adds to the sum, see readback.h. */
struct spread_part {
	uint64_t off, end, sum;
};

/* The file goes on at from, a multiple of 8. */
void spread_begin(struct spread *s, uint64_t from);

/* What comes next: len bytes, a multiple of 8. */
void spread_add(struct spread *s, const void *bytes, size_t len);

/* The i-th part: pieces by rising offsets, then the end. False: there are no more. */
bool spread_part(const struct spread *s, unsigned i, struct spread_part *part);

#endif
