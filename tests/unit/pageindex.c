/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/pageindex against a plain array of bits: rank and select for every shape of
 * bitmap, empty pieces that were never given, and the edges of pieces.
 */
#include "base/arena.h"
#include "base/bitmap.h"
#include "base/err.h"
#include "dump/pageindex.h"
#include "t.h"

#define N_PIECES 9

static uint64_t bits[N_PIECES][PIECE_WORDS];

static bool load(void *ctx, uint64_t piece, uint64_t *to, struct err *e)
{
	(void)ctx;
	(void)e;
	memcpy(to, bits[piece], PIECE_LEN);
	return true;
}

static void test(const char *row, uint64_t max_pfn)
{
	struct page_index x = { .max_pfn = max_pfn, .load = load };
	struct arena arena;
	struct err e;
	uint64_t n = 0, got;

	if (!T_CHECK(row, arena_init(&arena, 4 << 20, &e)) ||
	    !T_CHECK(row, index_init(&x, &arena, &e)))
		return;
	for (uint64_t piece = 0; piece < index_n_pieces(&x); piece++)
		if (bitmap_count(bits[piece], PIECE_WORDS))
			index_add(&x, piece, bits[piece]);
	index_finish(&x);
	for (uint64_t piece = 0; piece <= index_n_pieces(&x); piece++) {
		uint64_t next = piece;

		while (next < index_n_pieces(&x) && !bitmap_count(bits[next], PIECE_WORDS))
			next++;
		if (!T_EQUAL(row, next, index_next_piece(&x, piece)))
			break;
	}
	for (uint64_t pfn = 0; pfn < max_pfn; pfn++) {
		bool set = bitmap_test(bits[pfn / PIECE_PFNS], pfn % PIECE_PFNS);

		if (set || pfn % 4093 == 0) {
			if (!index_rank(&x, pfn, &got, &e) || got != n) {
				T_EQUAL(row, n, got);
				break;
			}
		}
		if (set && (!index_select(&x, n, &got, &e) || got != pfn)) {
			T_EQUAL(row, pfn, got);
			break;
		}
		n += set;
	}
	T_EQUAL(row, n, x.n_pages);
	arena_deinit(&arena);
}

int main(void)
{
	const uint64_t all = (uint64_t)N_PIECES * PIECE_PFNS;

	test("no pages at all", all);
	bitmap_set(bits[0], 0);
	test("only the first page", all);
	bitmap_set(bits[8], PIECE_PFNS - 1);
	test("the first and the last page", all);
	for (unsigned i = 0; i < PIECE_PFNS; i += 97)
		bitmap_set(bits[3], i);
	bitmap_set_range(bits[4], 100, 3000);
	test("scattered pages, and pieces without any", all);
	memset(bits[4], 0, PIECE_LEN);
	memset(bits[8], 0, PIECE_LEN);
	bitmap_set_range(bits[4], 7, 101);
	test("an end inside of a piece", 4 * PIECE_PFNS + 101);
	memset(bits, 0, sizeof(bits));
	bitmap_set(bits[0], 0);
	test("one page", 1);
	return t_done();
}
