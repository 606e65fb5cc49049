/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a dump level leaves out, judged by their struct pages alone. What it
 * does not understand it keeps: a page too many costs space, one too few the case.
 */
#ifndef PAGES_FILTER_H
#define PAGES_FILTER_H

#include "page_layout.h"

struct kinfo;
struct memmap;
struct pfnset;

/* Dump level: the sum of what to leave out (makedumpfile's -d). */
enum {
	LEVEL_ZERO = 1,		/* pages of zeroes: they keep a place, not their data */
	LEVEL_CACHE = 2,	/* page cache without private data */
	LEVEL_CACHE_PRIVATE = 4, /* page cache, private data or not */
	LEVEL_USER = 8,		/* anonymous memory and hugetlb */
	LEVEL_FREE = 16,	/* free and not yet accepted memory */
	LEVEL_ALL = 31,
};

/* At once the result of a judgement, the index of its counter and a manifest key. */
enum verdict {
	KEEP,
	KEEP_UNKNOWN,		/* no struct page to judge by */
	KEEP_ODD,		/* calls itself a free block, of an order that cannot be */
	KEEP_CHOSEN,		/* a user's page, but of a task that was asked for */
	KEEP_KNOWN,		/* the kernel's own, though its struct page says otherwise */
	DROP_FREE,
	DROP_FREE_PERCPU,	/* free on a CPU's own list, where nothing marks it */
	DROP_CACHE,
	DROP_CACHE_PRIVATE,
	DROP_USER,
	DROP_HWPOISON,		/* its data must never be touched */
	DROP_OFFLINE,		/* ballooned or unplugged: there is nothing behind it */
	N_VERDICTS
};

const char *verdict_name(enum verdict v);

static inline bool verdict_keeps(enum verdict v)
{
	return v <= KEEP_KNOWN;
}

/* The most frames that one call judges. */
#define FILTER_WINDOW_MAX 512u

/* The block or folio that reaches into the frames that come next. */
struct filter_extent {
	pfn_t end;
	enum verdict verdict;
	vaddr_t head;
	bool typed;
};

struct filter {
	struct memmap *map;
	struct page_layout layout;
	struct page_test test;		/* of the layout, for long runs of the same */
	unsigned level;			/* what can be done of what was asked */
	char lowered_why[120];		/* "" when level is as asked */
	uint64_t n[N_VERDICTS];
	/* Frames that no struct page tells of, NULL: none. Neither is owned. */
	struct pfnset *percpu;	/* free, dropped at LEVEL_FREE */
	struct pfnset *chosen;	/* kept whatever user pages or page cache they are */
	vaddr_t base;			/* of the memory map of the window being judged */
	/* Of the window that comes next: frames that are surely the kernel's. NULL: none. */
	const uint64_t *known;
	/* The block or folio we are in: all frames before extent_end share its fate. */
	pfn_t extent_end;
	enum verdict extent;
	vaddr_t extent_head;	/* struct page that its tails point at */
	bool extent_typed;
	/* Last head that was looked up for a tail outside of its extent. */
	pfn_t head_pfn, head_end;
	enum verdict head_verdict;
	/* Of the last window, see below. */
	uint64_t reserved[FILTER_WINDOW_MAX / 64], typed[FILTER_WINDOW_MAX / 64];
};

/*
 * level 0..31; a class that this kernel gives no means to recognise is kept, and
 * lowered_why says so. Works at level 0 too: poison is never read.
 */
void filter_init(struct filter *f, const struct kinfo *k, struct memmap *map,
		 unsigned level);

/*
 * Learns PG_reserved, which no key names, from the struct page of the kernel's own
 * text: it is the one flag that such a page has. Without it fewer pages are told apart.
 */
void filter_learn_reserved(struct filter *f, const uint8_t *text_page);

/* Has the page, the first of a block or not, all that pages on a free list have? */
bool filter_looks_free(const struct page_layout *l, const uint8_t *page);

/* Frames of one section, a power of two of them, the first a multiple of that. */
struct page_window {
	pfn_t pfn;
	size_t n;
	const uint8_t *pages;	/* their struct pages, layout.size bytes each */
	vaddr_t base;		/* of the memory map, as if for frame 0 */
	uint64_t *keep;		/* bits, the first of them of pfn */
};

/*
 * Judges frames from their struct pages and clears the bits of those to leave out. Frames
 * whose bit is not set do not count. Windows must come in rising order. Of the kept frames
 * f->reserved has those that were taken at boot time (per-CPU data among them), f->typed
 * others that are slab, page tables, or have any other type.
 */
void filter_window(struct filter *f, const struct page_window *w);

/* The same where the struct pages could not be had. */
void filter_unknown(struct filter *f, size_t n, const uint64_t *keep);

/* To judge frames once more: what stood before them, and the filter as it was then. */
struct filter_extent filter_extent(const struct filter *f);
void filter_rewind(struct filter *f, const struct filter_extent *extent);

#endif
