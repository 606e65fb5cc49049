/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a page frame to the place of its descriptor and back: bitmap 2 in pieces that
 * are loaded one at a time, and a short directory of counts. Memory does not grow with
 * RAM beyond 512 KiB.
 */
#ifndef DUMP_PAGEINDEX_H
#define DUMP_PAGEINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/* A piece of bitmap, the unit in which bitmaps are written and read back. */
#define PIECE_LEN 4096u			/* bytes */
#define PIECE_WORDS (PIECE_LEN / 8)
#define PIECE_PFNS (PIECE_LEN * 8u)	/* frames */

struct page_index {
	uint64_t max_pfn;	/* one past the highest frame */
	uint64_t n_pages;	/* bits set in all pieces given so far */
	uint64_t stride;	/* pieces per entry of the directory */
	uint64_t *ranks;	/* bits before each stride-th piece */
	uint64_t n_ranks;	/* entries filled */
	uint64_t *bits;		/* the loaded piece */
	uint64_t piece;		/* which one that is */
	bool (*load)(void *ctx, uint64_t piece, uint64_t *bits, struct err *e);
	void *ctx;
};

static inline uint64_t index_n_pieces(const struct page_index *x)
{
	return (x->max_pfn + PIECE_PFNS - 1) / PIECE_PFNS;
}

/* max_pfn, load and ctx are the caller's, all else is zero. */
bool index_init(struct page_index *x, struct arena *arena, struct err *e);

/* Building: pieces in rising order; those not given are empty. Then once the end. */
void index_add(struct page_index *x, uint64_t piece, const uint64_t *bits);
void index_finish(struct page_index *x);

/* Makes x->bits the bits of a piece. */
bool index_load(struct page_index *x, uint64_t piece, struct err *e);

/*
 * The first piece, this one or one behind it, that may have bits. What is between memory
 * that lies far apart needs no look; most of a bitmap may be that. Where there is none,
 * the number of pieces.
 */
uint64_t index_next_piece(const struct page_index *x, uint64_t piece);

/* Bits before pfn; its piece is loaded afterwards. */
bool index_rank(struct page_index *x, uint64_t pfn, uint64_t *rank_ret, struct err *e);

/* The frame of the idx-th bit, idx < n_pages. */
bool index_select(struct page_index *x, uint64_t idx, uint64_t *pfn_ret, struct err *e);

#endif
