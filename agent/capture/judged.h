/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bitmap 2 for a dump whose file cannot be read while it is written: some pieces are
 * remembered, others judged once more. Memory that changed meanwhile is found out by a sum.
 */
#ifndef CAPTURE_JUDGED_H
#define CAPTURE_JUDGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/filter.h"

struct arena;
struct elfcore;
struct err;

#define JUDGED_SLOTS 256u	/* pieces that are remembered: those of 32 GiB of memory */

/* What is kept of each piece that has memory. */
struct judged_piece {
	uint64_t nr;
	uint32_t crc;			/* of its bits */
	struct filter_extent extent;	/* that reached into it */
};

struct judged {
	struct judged_piece *pieces;	/* by nr */
	size_t n, room;
	uint64_t *slots;		/* the i-th piece may be in slot i % JUDGED_SLOTS */
	size_t in_slot[JUDGED_SLOTS];	/* which one is, plus 1; 0: none */
	/* The scanner's: the bits of a piece once more. */
	void (*judge)(void *ctx, const struct judged_piece *piece, uint64_t *bits);
	void *ctx;
};

/* Room for all pieces with memory, 1 MiB and 48 bytes a piece at the most. */
bool judged_init(struct judged *j, const struct elfcore *core, unsigned page_shift,
		 struct arena *arena, struct err *e);

/* A piece that was judged; they come in rising order. */
void judged_add(struct judged *j, uint64_t nr, const struct filter_extent *extent,
		const uint64_t *bits);

/* For page_index: EIO when memory is not any more what was judged. ctx is a struct judged. */
bool judged_load(void *ctx, uint64_t piece, uint64_t *bits, struct err *e);

#endif
