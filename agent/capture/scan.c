/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Goes through the core's ranges in pieces of bitmap (128 MiB of 4 KiB pages), and
 * through each piece in chunks of struct pages that fit the second-level cache.
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
#include "pages/filter.h"
#include "pages/priority.h"

#define CHUNK_PFNS MEMMAP_SECTION_MIN	/* 32 KiB of struct pages of 64 bytes */
#define CHUNK_WORDS (CHUNK_PFNS / 64)

struct scanner {
	struct crash *crash;
	struct filter *filter;
	struct priority *worth;
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

static void judge_window(struct scanner *s, vaddr_t base, pfn_t pfn, size_t n,
			 uint64_t *keep)
{
	tell_known(s, pfn);
	filter_window(s->filter, pfn, n, s->pages, base, keep);
	priority_note(s->worth, s->filter, pfn, n);
}

/* What judging a chunk needs to know and changes, so that it can be undone. */
struct chunk {
	struct filter *filter, filter_before;
	vaddr_t base;
	pfn_t pfn;
	uint64_t *keep, keep_before[CHUNK_WORDS];
};

static void judge_in_place(void *ctx, const uint8_t *pages)
{
	struct chunk *c = ctx;

	filter_window(c->filter, c->pfn, CHUNK_PFNS, pages, c->base, c->keep);
}

/* The common case: all struct pages of the chunk side by side, and not copied. */
static bool judge_uncopied(struct scanner *s, vaddr_t base, pfn_t pfn, uint64_t *keep)
{
	struct chunk c = { .filter = s->filter, .base = base, .pfn = pfn, .keep = keep };

	tell_known(s, pfn);
	c.filter_before = *s->filter;
	memcpy(c.keep_before, keep, sizeof(c.keep_before));
	if (memmap_look(&s->crash->kernel.map, base, pfn, CHUNK_PFNS, judge_in_place, &c)) {
		priority_note(s->worth, s->filter, pfn, CHUNK_PFNS);
		return true;
	}
	*s->filter = c.filter_before;
	memcpy(keep, c.keep_before, sizeof(c.keep_before));
	return false;
}

/* A run of struct pages that cannot be read costs the filter, not the pages. */
static void judge_chunk(struct scanner *s, vaddr_t base, pfn_t pfn, uint64_t *keep)
{
	struct memmap *map = &s->crash->kernel.map;
	size_t n;

	if (judge_uncopied(s, base, pfn, keep))
		return;
	n = memmap_read(map, base, pfn, CHUNK_PFNS, s->pages);
	if (n == CHUNK_PFNS) {
		judge_window(s, base, pfn, n, keep);
		return;
	}
	/* 64 at a time: one page of the memory map. */
	for (size_t i = 0; i < CHUNK_PFNS; i += 64) {
		if (!keep[i / 64])
			continue;
		if (memmap_read(map, base, pfn + i, 64, s->pages) == 64)
			judge_window(s, base, pfn + i, 64, &keep[i / 64]);
		else
			filter_unknown(s->filter, 64, &keep[i / 64]);
	}
}

static void judge_piece(struct scanner *s, uint64_t piece)
{
	struct memmap *map = &s->crash->kernel.map;
	pfn_t first = piece * PIECE_PFNS;
	uint64_t section = UINT64_MAX;
	bool mapped = false;
	vaddr_t base = 0;

	for (size_t i = 0; i < PIECE_PFNS; i += CHUNK_PFNS) {
		uint64_t *keep = &s->keep[i / 64];
		struct err ignored;

		if (bitmap_next(keep, CHUNK_PFNS, 0) == CHUNK_PFNS)
			continue;
		if ((first + i) / map->pages_per_section != section) {
			section = (first + i) / map->pages_per_section;
			mapped = memmap_base(map, first + i, &base, &ignored);
		}
		if (mapped)
			judge_chunk(s, base, first + i, keep);
		else
			filter_unknown(s->filter, CHUNK_PFNS, keep);
	}
}

static bool scan_piece(struct scanner *s, uint64_t piece, struct kdump_writer *writer,
		       struct totals *t, struct err *e)
{
	for (size_t i = 0; i < PIECE_WORDS; i++)
		s->keep[i] = s->present[i];
	if (s->filter) {
		s->any_known = priority_known(s->worth, piece * PIECE_PFNS, PIECE_PFNS,
					      s->known);
		judge_piece(s, piece);
	}
	t->n_present += bitmap_count(s->present, PIECE_WORDS);
	return kdump_put_bitmaps(writer, piece, s->present, s->keep, e);
}

bool scan(struct capture *c, struct filter *filter, struct priority *worth,
	  struct kdump_writer *writer, struct err *e)
{
	struct arena *arena = &c->crash->arena;
	size_t mark = arena_mark(arena);
	struct scanner s = { .crash = c->crash, .filter = filter, .worth = worth };
	uint64_t n_pieces = index_n_pieces(&writer->index);

	s.pages = arena_take(arena, CHUNK_PFNS, PAGE_STRUCT_MAX, "struct pages", e);
	s.present = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	s.keep = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	s.known = arena_take(arena, PIECE_LEN, 1, "bitmap", e);
	if (!s.pages || !s.present || !s.keep || !s.known)
		return false;
	for (uint64_t piece = 0; piece < n_pieces; piece++) {
		piece = skip_hole(&s, piece);
		if (mark_present(&s, piece) && !scan_piece(&s, piece, writer, c->t, e))
			return false;
		progress_set(&c->progress->done, (piece + 1) * PIECE_PFNS);
	}
	if (filter)
		for (int i = 0; i < N_VERDICTS; i++)
			c->t->n_verdict[i] = filter->n[i];
	else
		c->t->n_verdict[KEEP_UNKNOWN] = c->t->n_present;
	arena_release(arena, mark);
	return true;
}
