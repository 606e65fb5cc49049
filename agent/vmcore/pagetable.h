/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks the page tables of the crashed machine: the kernel's own, or a process's. Knows
 * no CPU; the shape of the tables and the meaning of an entry come from arch.h. Tables
 * may be wrong, cyclic or unreadable: each walk ends all the same.
 */
#ifndef VMCORE_PAGETABLE_H
#define VMCORE_PAGETABLE_H

#include "arch.h"

/* Called for every page of a page table itself; false ends the walk. */
typedef bool table_fn(void *ctx, paddr_t table);

/* Called for every mapped page, huge ones as one; false ends the walk. */
typedef bool leaf_fn(void *ctx, const struct leaf *leaf);

/* The most that one walk looks into, in tables of 4 KiB: enough for 2 TiB of memory. */
#define PAGETABLE_MAX_TABLES (1u << 20)

/* Where tables lie, and how they are made. */
struct page_tables {
	struct physmem *pm;
	const struct arch *arch;
	const struct paging *paging;
};

/*
 * Finds the page that an address is in, of the kernel or, with paging->user, of the process
 * whose table is at paging->root. EFAULT: nothing is mapped there. A page that must fault is
 * none of the kernel's, but a process's, whose memory it is.
 */
bool pagetable_walk(const struct page_tables *t, vaddr_t vaddr, struct leaf *out,
		    struct err *e);

/* The pages of the kernel's own table, root first; unreadable parts are passed over. */
void pagetable_each_table(const struct page_tables *t, table_fn *fn, void *ctx);

/*
 * All pages of the user half of a process's table, root being the physical address of
 * mm->pgd, in rising order. Pages that must fault when touched (PROT_NONE, or marked for
 * a NUMA hint) count, pages in swap do not. Unreadable parts are passed over. *left is how
 * many tables of 4 KiB may be looked into, and how many are left of that; false when it
 * did not do, or fn ended the walk.
 */
bool pagetable_each_leaf(const struct page_tables *t, paddr_t root, uint64_t *left,
			 leaf_fn *fn, void *ctx);

#endif
