/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free pages on the lists that each CPU has for itself (Linux mm/page_alloc.c). They bear
 * no mark, so the only proof that they are free is to find them on such a list: since 6.7
 * an eighth of all memory may be there.
 */
#ifndef CORE_PCP_H
#define CORE_PCP_H

#include "pfnset.h"

struct anatomy;
struct arena;
struct memmap;
struct page_layout;

struct pcp {
	struct memmap *map;
	const struct anatomy *a;
	const struct page_layout *layout;
	vaddr_t base;		/* memory map, as if for frame 0 */
	uint64_t section;	/* the last one that was seen to have this base, plus 1 */
	uint64_t n_cpus;
	uint64_t budget;	/* pages that we will still look at */
	bool gave_up;		/* there were more: what is on further lists is kept */
	uint64_t n_doubted;	/* sets of lists that contradict themselves, and are kept */
	pfn_t counted_end;	/* doubts about zones that begin before are in n_doubted */
	uint64_t *alive;
	struct pfnset set;	/* the frames that are free */
};

/*
 * A page of the kernel's text tells where the memory map is. *alive is counted up as lists
 * are walked. ENOENT: this kernel does not tell enough.
 */
bool pcp_init(struct pcp *p, struct memmap *map, const struct anatomy *a,
	      const struct page_layout *layout, pfn_t text_pfn, uint64_t *alive,
	      struct arena *arena, struct err *e);

#endif
