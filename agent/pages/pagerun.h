/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far struct pages go on like the one before. Most of memory is large blocks and long
 * rows of the same, so this is where a scan spends its time: a few words of each struct
 * page are tested and nothing is decided. What differs in any way ends the run, and
 * filter.c judges it alone.
 */
#ifndef PAGES_PAGERUN_H
#define PAGES_PAGERUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Where to look; made by the filter from what it knows of the kernel. */
struct page_test {
	bool usable;		/* false: every page is judged alone */
	size_t size;		/* of a struct page */
	size_t flags, head, mapping, mapcount, refcount;	/* offsets */
	uint64_t odd_flags;	/* none of them: no head, no poison */
	uint64_t poison_flags;
	uint64_t kind_flags;	/* what tells kinds of untyped pages apart */
	uint64_t kind_mapping;	/* likewise, of the word at mapping */
	uint32_t type_base, type_span;	/* typed: mapcount - type_base < type_span */
};

/*
 * Bytes that a scan asks for in advance: the hardware's own foresight ends with each page
 * of the memory map.
 */
#define PAGERUN_AHEAD 4096

static inline bool page_is_typed(const struct page_test *t, const uint8_t *page)
{
	return get_u32(page + t->mapcount) - t->type_base < t->type_span;
}

/* All three: how many of the n struct pages from `page` on are so. */

/* Nobody's, as behind the first page of a free block: no reference, no type, no folio. */
size_t run_unused(const struct page_test *t, const uint8_t *page, size_t n);

/* Tails whose word for their head is `word`; other words of a tail mean nothing. */
size_t run_tails(const struct page_test *t, const uint8_t *page, size_t n, uint64_t word);

/* Single, untyped pages of one kind: that of the first, which is 0 if it is none. */
size_t run_alike(const struct page_test *t, const uint8_t *page, size_t n);

#endif
