/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How this kernel lays out a struct page, learned from VMCOREINFO once, and what is read
 * from a single one with it. Decodes only: what a page is good for is filter.c's matter.
 */
#ifndef PAGES_PAGE_LAYOUT_H
#define PAGES_PAGE_LAYOUT_H

#include "base/bytes.h"
#include "pagerun.h"
#include "vmcore/physmem.h"
#include "vmcore/vmcoreinfo.h"

#define MAPPING_ANON 1ULL	/* lowest bit of page->mapping, KSM has it too */
#define MAX_FOLIO_ORDER 22	/* 16 GiB of 4 KiB pages; hugetlb's largest is 18 */

struct page_layout {
	size_t size, page_size;
	int flags, mapping, mapcount, private, refcount, head;	/* offsets, -1: none */
	int order_at, dtor_at;		/* from the head's struct page, -1: other scheme */
	uint64_t lru, private_bit, swapcache, swapbacked, slab, hwpoison, head_mask;
	uint64_t hugetlb_flag;		/* in page[1].flags */
	uint64_t reserved;		/* PG_reserved, 0: not known */
	int hugetlb_dtor;
	int64_t buddy, offline, hugetlb, unaccepted;	/* page types, ABSENT: none */
	bool has_types;			/* can typed pages be told from others? */
	bool types_in_top_byte;		/* 6.12 and newer */
	bool order_in_flags;		/* 6.6 and newer: page[1].flags & 0xff */
	unsigned n_orders;
};

void page_layout_init(struct page_layout *l, const struct kinfo *k);

/* The same in a form for long runs; what does not fit it is judged page by page. */
void page_layout_test(const struct page_layout *l, struct page_test *t);

/*
 * Page types live in _mapcount (Linux include/linux/page-flags.h). Up to 6.11 a
 * type is a bit cleared in a word of ones, from 6.12 on a number in the top byte.
 */
static inline bool page_has_type(const struct page_layout *l, int32_t mapcount)
{
	if (l->types_in_top_byte) {
		uint8_t top = (uint32_t)mapcount >> 24;

		return top >= 0xf0 && top != 0xff;
	}
	/* 6.11 left 16 low bits to the owner; before, only counts from -128 up were. */
	return ~l->buddy >= 0x10000 ? mapcount < (int32_t)0xffff0000 : mapcount < -128;
}

static inline uint64_t page_flags(const struct page_layout *l, const uint8_t *page)
{
	return get_u64(page + l->flags);
}

static inline int32_t page_mapcount(const struct page_layout *l, const uint8_t *page)
{
	return (int32_t)get_u32(page + l->mapcount);
}

static inline bool page_type_is(int64_t type, int32_t mapcount)
{
	uint32_t bit, base;

	if (!has(type))
		return false;
	if (!(type & 0xffffff))
		return (uint32_t)mapcount >> 24 == ((uint32_t)type >> 24);
	bit = ~(uint32_t)type;
	base = bit < 0x10000 ? 0xf0000000 : 0x80000000;
	return ((uint32_t)mapcount & (base | bit)) == base;
}

static inline bool page_is_tail(const struct page_layout *l, const uint8_t *page)
{
	return l->head >= 0 && get_u64(page + l->head) & 1;
}

/*
 * Where a tail's head lies. Up to 7.0 the field is a pointer; since 7.1 it may be a
 * mask for the tail's own address, recognised by being all ones from some bit up.
 */
static inline vaddr_t page_head_vaddr(const struct page_layout *l, const uint8_t *page,
				      vaddr_t vaddr)
{
	uint64_t v = get_u64(page + l->head) & ~1ULL;

	return is_power_of_two(-v) ? vaddr & v : v;
}

/*
 * hugetlb's vmemmap optimisation (5.18 to 7.0) shows the head's struct page again at
 * the start of each page of tails. What follows it tells them apart.
 */
static inline bool page_is_head(const struct page_layout *l, const uint8_t *page, vaddr_t vaddr)
{
	const uint8_t *next = page + l->size;

	return page_flags(l, page) & l->head_mask && page_is_tail(l, next) &&
	       page_head_vaddr(l, next, vaddr + l->size) == vaddr;
}

static inline unsigned page_folio_order(const struct page_layout *l, const uint8_t *head,
					pfn_t pfn)
{
	unsigned order = 0;

	if (l->order_at >= 0)
		order = head[l->order_at];
	else if (l->order_in_flags)
		order = page_flags(l, head + l->size) & 0xff;
	if (order > MAX_FOLIO_ORDER || pfn & ((1ULL << order) - 1))
		return 0;
	return order;
}

static inline bool page_is_hugetlb(const struct page_layout *l, const uint8_t *head)
{
	if (l->hugetlb_flag)
		return page_flags(l, head + l->size) & l->hugetlb_flag;
	if (l->dtor_at >= 0)
		return head[l->dtor_at] == l->hugetlb_dtor;
	return false;
}

#endif
