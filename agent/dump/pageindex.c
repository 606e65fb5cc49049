/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page index: rank and select over a bitmap that lies in a file. */
#include "pageindex.h"

#include <errno.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"

#define MAX_RANKS 65536
#define NO_PIECE UINT64_MAX

bool index_init(struct page_index *x, struct arena *arena, struct err *e)
{
	x->piece = NO_PIECE;
	x->stride = index_n_pieces(x) / MAX_RANKS + 1;
	x->ranks = arena_take(arena, index_n_pieces(x) / x->stride + 1, sizeof(x->ranks[0]),
			      "page index", e);
	x->bits = x->ranks ? arena_take(arena, PIECE_WORDS, 8, "page index", e) : NULL;
	return x->bits;
}

static void fill_ranks(struct page_index *x, uint64_t until)
{
	while (x->n_ranks <= until / x->stride)
		x->ranks[x->n_ranks++] = x->n_pages;
}

void index_add(struct page_index *x, uint64_t piece, const uint64_t *bits)
{
	fill_ranks(x, piece);
	x->n_pages += bitmap_count(bits, PIECE_WORDS);
}

void index_finish(struct page_index *x)
{
	fill_ranks(x, index_n_pieces(x));
}

static uint64_t rank_behind(const struct page_index *x, uint64_t entry)
{
	return entry + 1 < x->n_ranks ? x->ranks[entry + 1] : x->n_pages;
}

uint64_t index_next_piece(const struct page_index *x, uint64_t piece)
{
	uint64_t n = index_n_pieces(x), entry = piece / x->stride;

	while (entry * x->stride < n && rank_behind(x, entry) == x->ranks[entry])
		entry++;
	return min_u64(max_u64(piece, entry * x->stride), n);
}

bool index_load(struct page_index *x, uint64_t piece, struct err *e)
{
	if (x->piece == piece)
		return true;
	x->piece = NO_PIECE;
	if (!x->load(x->ctx, piece, x->bits, e))
		return within(e, "bitmap");
	x->piece = piece;
	return true;
}

bool index_rank(struct page_index *x, uint64_t pfn, uint64_t *rank_ret, struct err *e)
{
	uint64_t piece = pfn / PIECE_PFNS, bit = pfn % PIECE_PFNS;
	uint64_t rank = x->ranks[piece / x->stride];

	for (uint64_t i = piece / x->stride * x->stride; i < piece; i++) {
		if (!index_load(x, i, e))
			return false;
		rank += bitmap_count(x->bits, PIECE_WORDS);
	}
	if (!index_load(x, piece, e))
		return false;
	rank += bitmap_count(x->bits, bit / 64);
	if (bit % 64)
		rank += __builtin_popcountll(x->bits[bit / 64] << (64 - bit % 64));
	*rank_ret = rank;
	return true;
}

/* The last entry of the directory that is not above idx. */
static uint64_t entry_before(const struct page_index *x, uint64_t idx)
{
	uint64_t lo = 0, hi = x->n_ranks;

	while (hi - lo > 1) {
		uint64_t mid = (lo + hi) / 2;

		if (x->ranks[mid] <= idx)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* Position of the n-th set bit; there are more than n. */
static size_t nth_bit(const uint64_t *bits, uint64_t n)
{
	size_t i = 0, bit;
	uint64_t in_word;

	while (n >= (in_word = __builtin_popcountll(bits[i]))) {
		n -= in_word;
		i++;
	}
	for (bit = bitmap_next(bits + i, 64, 0); n; n--)
		bit = bitmap_next(bits + i, 64, bit + 1);
	return i * 64 + bit;
}

bool index_select(struct page_index *x, uint64_t idx, uint64_t *pfn_ret, struct err *e)
{
	uint64_t entry = entry_before(x, idx), left = idx - x->ranks[entry];

	for (uint64_t piece = entry * x->stride; piece < index_n_pieces(x); piece++) {
		uint64_t n;

		if (!index_load(x, piece, e))
			return false;
		n = bitmap_count(x->bits, PIECE_WORDS);
		if (left >= n) {
			left -= n;
			continue;
		}
		*pfn_ret = piece * PIECE_PFNS + nth_bit(x->bits, left);
		return true;
	}
	return fail(e, ERANGE, "page %llu of %llu", (unsigned long long)idx,
		    (unsigned long long)x->n_pages);
}
