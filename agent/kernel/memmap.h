/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the struct page of each page frame lies: the SPARSEMEM tables of the crashed
 * kernel. Hands out struct pages as bytes; what is in them is filter.c's matter.
 */
#ifndef KERNEL_MEMMAP_H
#define KERNEL_MEMMAP_H

#include "vmcore/physmem.h"

struct space;

/* Every section has at least so many frames, and a multiple of it. */
#define MEMMAP_SECTION_MIN 512u

struct memmap {
	struct space *space;
	uint64_t n_sections;		/* that the tables have room for */
	uint64_t pages_per_section;
	uint64_t per_root;		/* mem_sections in one page of them */
	bool extreme;			/* roots are pointers, not the array itself */
	size_t size_page;		/* of a struct page */
	unsigned page_shift;
};

/* Needs vmcoreinfo_plausible(). EINVAL when the table sizes contradict one another. */
bool memmap_init(struct memmap *m, struct space *space, struct err *e);

static inline pfn_t memmap_pfn(const struct memmap *m, paddr_t paddr)
{
	return paddr >> m->page_shift;
}

/*
 * Address that the struct page of frame 0 would have, seen from the section that
 * pfn is in. False with ENOENT: no such section or no memory map in it.
 */
bool memmap_base(struct memmap *m, pfn_t pfn, vaddr_t *base_ret, struct err *e);

/*
 * Reads struct pages pfn .. pfn + n - 1, all of one section, into buf. Returns how
 * many could be read before the first that could not.
 */
size_t memmap_read(struct memmap *m, vaddr_t base, pfn_t pfn, size_t n, void *buf);

/* The same for one of them, when the next one wanted may lie anywhere. */
bool memmap_pick(struct memmap *m, vaddr_t base, pfn_t pfn, void *buf);

/*
 * As memmap_read without a copy, for all n or none of them. False: not to be had so, or
 * use() was left in the middle (see physmem.h).
 */
bool memmap_look(struct memmap *m, vaddr_t base, pfn_t pfn, size_t n, look_fn *use,
		 void *ctx);

/* Calls fn for each table of the model itself: [vaddr, vaddr + len). */
void memmap_each_table(struct memmap *m, void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len),
		       void *ctx);

#endif
