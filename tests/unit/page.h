/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A struct page of 64 bytes as 6.12 has it, and a kernel that tells so: what the tests of
 * the filter judge. Page types are what they differ in, so each sets its own.
 */
#ifndef UNIT_PAGE_H
#define UNIT_PAGE_H

#include <stddef.h>

#include "pages/filter.h"
#include "vmcore/vmcoreinfo.h"

enum { LRU = 1 << 5, HEAD = 1 << 6, WAITERS = 1 << 7, SWAPCACHE = 1 << 10,
       RESERVED = 1 << 13, PRIVATE = 1 << 14, SWAPBACKED = 1 << 17, POISON = 1 << 20 };

struct page {
	uint64_t flags, head, lru, mapping, index, private;
	int32_t mapcount;
	uint32_t refcount;
	uint64_t last;
};
_Static_assert(sizeof(struct page) == 64, "the layout of a struct page");

/* Every field absent but for what the filter may know of it. */
static inline struct kinfo page_kernel(void)
{
	struct kinfo k;

	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(k); at += 8)
		*(int64_t *)((char *)&k + at) = ABSENT;
	k.page_size = 4096;
	k.size_page = 64;
	k.page_flags = 0;
	k.page_compound_head = 8;
	k.page_lru = 8;
	k.page_mapping = offsetof(struct page, mapping);
	k.page_private = offsetof(struct page, private);
	k.page_mapcount = offsetof(struct page, mapcount);
	k.page_refcount = offsetof(struct page, refcount);
	k.pg_lru = 5;
	k.pg_private = 14;
	k.pg_swapcache = 10;
	k.pg_swapbacked = 17;
	k.pg_hwpoison = 20;
	k.pg_head_mask = HEAD;
	k.n_orders = 11;
	return k;
}

/* Frames from pfn on, judged by their struct pages; the bits of *keep are theirs. */
static inline void judge(struct filter *f, pfn_t pfn, size_t n, const void *pages,
			 uint64_t *keep)
{
	const struct page_window w = { pfn, n, pages, 0xffffea0000000000, keep };

	filter_window(f, &w);
}

#endif
