/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pass over all page frames. Goes through the core's ranges in pieces of bitmap (128
 * MiB of 4 KiB pages), and through each piece in chunks of struct pages that fit the
 * second-level cache.
 */
#include "scan.h"

#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/progress.h"
#include "crash.h"
#include "dump/kdumpfile.h"
#include "job.h"
#include "judged.h"
#include "pages/filter.h"
#include "pages/priority.h"

#define CHUNK_PFNS MEMMAP_SECTION_MIN	/* 32 KiB of struct pages of 64 bytes */
#define CHUNK_WORDS (CHUNK_PFNS / 64)

struct scanner {
	struct crash *crash;
	struct filter *filter;
	struct priority *worth;
	struct kdump_writer *writer;
	struct totals *t;
	struct judged *judged;		/* NULL: nobody asks for a piece again */
	bool is_again;
	uint8_t *pages;			/* a chunk of struct pages, where it must be copied */
	uint64_t *present, *keep;	/* a piece of bitmap 1 and 2 */
	uint64_t *known;		/* of that piece: surely the kernel's */
	bool any_known;
	size_t range;			/* first one that may reach into the piece */
};

/* Bitmap 1 of a piece: frames that the core has, also in part. */
static bool mark_present(struct scanner *s, uint64_t piece)
{
	const struct elfcore *core = &s->crash->core;
	unsigned shift = s->crash->kernel.page_shift;
	pfn_t first = piece * PIECE_PFNS, end = first + PIECE_PFNS;
	bool any = false;

	for (size_t i = 0; i < PIECE_WORDS; i++)
		s->present[i] = 0;
	for (size_t i = s->range; i < core->n_ranges; i++) {
		pfn_t from = core->ranges[i].start >> shift;
		pfn_t to = (core->ranges[i].end - 1 >> shift) + 1;

		if (from >= end)
			break;
		if (to <= first)
			continue;
		bitmap_set_range(s->present, max_u64(from, first) - first,
				 min_u64(to, end) - first);
		any = true;
	}
	return any;
}

/* The first piece from this one on that has memory; there is one. */
static uint64_t skip_hole(struct scanner *s, uint64_t piece)
{
	const struct elfcore *core = &s->crash->core;
	unsigned shift = s->crash->kernel.page_shift;

	while (s->range < core->n_ranges - 1 &&
	       core->ranges[s->range].end <= piece * PIECE_PFNS << shift)
		s->range++;
	return max_u64(piece, (core->ranges[s->range].start >> shift) / PIECE_PFNS);
}

/* Of the window from pfn on, what is known of its frames whatever their struct pages say. */
static void tell_known(struct scanner *s, pfn_t pfn)
{
	s->filter->known = s->any_known ? &s->known[pfn % PIECE_PFNS / 64] : NULL;
}

/* What was vital the first time is known to be. */
static void note(struct scanner *s, const struct page_window *w)
{
	if (!s->is_again)
		priority_note(s->worth, s->filter, w);
}

static void judge_window(struct scanner *s, const struct page_window *w)
{
	tell_known(s, w->pfn);
	filter_window(s->filter, w);
	note(s, w);
}

/* What judging a chunk needs to know and changes, so that it can be undone. */
struct chunk {
	struct filter *filter, filter_before;
	struct page_window window;
	uint64_t keep_before[CHUNK_WORDS];
};

static void judge_in_place(void *ctx, const uint8_t *pages)
{
	struct chunk *c = ctx;

	c->window.pages = pages;
	filter_window(c->filter, &c->window);
}

/* The common case: all struct pages of the chunk side by side, and not copied. */
static bool judge_uncopied(struct scanner *s, const struct page_window *w)
{
	struct chunk c = { .filter = s->filter, .window = *w };

	tell_known(s, w->pfn);
	c.filter_before = *s->filter;
	memcpy(c.keep_before, w->keep, sizeof(c.keep_before));
	if (memmap_look(&s->crash->kernel.map, w->base, w->pfn, w->n, judge_in_place, &c)) {
		note(s, w);
		return true;
	}
	*s->filter = c.filter_before;
	memcpy(w->keep, c.keep_before, sizeof(c.keep_before));
	return false;
}

/* A run of struct pages that cannot be read costs the filter, not the pages. */
static void judge_chunk(struct scanner *s, const struct page_window *chunk)
{
	struct memmap *map = &s->crash->kernel.map;
	struct page_window w = *chunk;

	if (judge_uncopied(s, chunk))
		return;
	w.pages = s->pages;
	if (memmap_read(map, w.base, w.pfn, w.n, s->pages) == w.n) {
		judge_window(s, &w);
		return;
	}
	/* 64 at a time: one page of the memory map. */
	for (w.n = 64; w.pfn < chunk->pfn + chunk->n; w.pfn += 64, w.keep++) {
		if (!*w.keep)
			continue;
		if (memmap_read(map, w.base, w.pfn, w.n, s->pages) == w.n)
			judge_window(s, &w);
		else
			filter_unknown(s->filter, w.n, w.keep);
	}
}

static void judge_piece(struct scanner *s, uint64_t piece)
{
	struct memmap *map = &s->crash->kernel.map;
	pfn_t first = piece * PIECE_PFNS;
	uint64_t section = UINT64_MAX;
	struct page_window w = { .n = CHUNK_PFNS };
	bool mapped = false;

	for (size_t i = 0; i < PIECE_PFNS; i += CHUNK_PFNS) {
		struct err ignored;

		w.pfn = first + i;
		w.keep = &s->keep[i / 64];
		if (bitmap_next(w.keep, CHUNK_PFNS, 0) == CHUNK_PFNS)
			continue;
		if (w.pfn / map->pages_per_section != section) {
			section = w.pfn / map->pages_per_section;
			mapped = memmap_base(map, w.pfn, &w.base, &ignored);
		}
		if (mapped)
			judge_chunk(s, &w);
		else
			filter_unknown(s->filter, CHUNK_PFNS, w.keep);
	}
}

/* Bitmap 2 of a piece, once its bitmap 1 is there. */
static void choose_piece(struct scanner *s, uint64_t piece)
{
	for (size_t i = 0; i < PIECE_WORDS; i++)
		s->keep[i] = s->present[i];
	if (!s->filter)
		return;
	s->any_known = priority_known(s->worth, piece * PIECE_PFNS, PIECE_PFNS, s->known);
	judge_piece(s, piece);
}

/* Everything is afterwards as it was, but for the scanner's own bits. */
static void judge_again(void *ctx, const struct judged_piece *piece, uint64_t *bits)
{
	struct scanner *s = ctx;
	struct filter was;

	s->is_again = true;
	s->range = 0;
	mark_present(s, piece->nr);
	if (s->filter) {
		was = *s->filter;
		filter_rewind(s->filter, &piece->extent);
	}
	choose_piece(s, piece->nr);
	if (s->filter)
		*s->filter = was;
	memcpy(bits, s->keep, PIECE_LEN);
}

static bool scan_piece(struct scanner *s, uint64_t piece, struct err *e)
{
	struct filter_extent before = { .end = 0 };

	if (s->filter)
		before = filter_extent(s->filter);
	choose_piece(s, piece);
	if (s->judged)
		judged_add(s->judged, piece, &before, s->keep);
	s->t->n_present += bitmap_count(s->present, PIECE_WORDS);
	return kdump_put_bitmaps(s->writer, piece, s->present, s->keep, e);
}

static struct scanner *begin(struct capture *c, const struct scan_use *use, struct err *e)
{
	struct arena *arena = &c->crash->arena;
	struct scanner *s = arena_take(arena, 1, sizeof(*s), "scan", e);

	if (!s)
		return NULL;
	*s = (struct scanner){ .crash = c->crash, .filter = use->filter, .worth = use->worth,
			       .writer = use->writer, .judged = use->judged, .t = c->t };
	s->pages = arena_take(arena, CHUNK_PFNS, PAGE_STRUCT_MAX, "struct pages", e);
	s->present = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	s->keep = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	s->known = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	if (!s->pages || !s->present || !s->keep || !s->known)
		return NULL;
	if (s->judged) {
		s->judged->judge = judge_again;
		s->judged->ctx = s;
	}
	return s;
}

bool scan(struct capture *c, const struct scan_use *use, struct err *e)
{
	struct arena *arena = &c->crash->arena;
	size_t mark = arena_mark(arena);
	struct scanner *s = begin(c, use, e);
	uint64_t n_pieces = index_n_pieces(&use->writer->index);

	if (!s)
		return false;
	for (uint64_t piece = 0; piece < n_pieces; piece++) {
		piece = skip_hole(s, piece);
		if (mark_present(s, piece) && !scan_piece(s, piece, e))
			return false;
		progress_set(&c->progress->done, (piece + 1) * PIECE_PFNS);
	}
	if (s->filter)
		for (int i = 0; i < N_VERDICTS; i++)
			c->t->n_verdict[i] = s->filter->n[i];
	else
		c->t->n_verdict[KEEP_UNKNOWN] = c->t->n_present;
	if (!s->judged)
		arena_release(arena, mark);
	return true;
}
