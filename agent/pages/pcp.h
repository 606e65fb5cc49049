/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free pages on the lists that each CPU has for itself (Linux mm/page_alloc.c). They bear
 * no mark, so the only proof that they are free is to find them on such a list: since 6.7
 * an eighth of all memory may be there.
 */
#ifndef PAGES_PCP_H
#define PAGES_PCP_H

#include "kernel/cpus.h"
#include "kernel/pfnset.h"
#include "vmcore/bounds.h"

struct arena;
struct memmap;
struct page_layout;

/* What must be known of memory nodes, zones and their lists. */
struct pcp_facts {
	int64_t node_data;		/* struct pglist_data *node_data[] */
	int64_t node_zones, n_node_zones, size_zone;
	int64_t pageset;		/* in zone: a per-CPU pointer */
	int64_t zone_start, zone_spanned;	/* page frames */
	int64_t count, lists, n_lists, size;	/* of per_cpu_pages */
	int64_t n_types;		/* lists of one order */
};

extern const struct wish_set pcp_wishes;

struct pcp {
	struct memmap *map;
	const struct pcp_facts *facts;
	struct cpus cpus;
	const struct page_layout *layout;
	vaddr_t base;		/* memory map, as if for frame 0 */
	uint64_t *sections;	/* bits of those that were seen to have this base */
	pfn_t zone_first, zone_end;	/* of the zone being gone through */
	uint64_t sets_left;	/* of lists that we will still look at */
	uint64_t n_steps;
	double set_began;
	bool over;		/* the clock has ended it */
	uint64_t n_unproven;	/* pages that there was no time for, and are kept */
	uint64_t n_doubted;	/* sets of lists that contradict themselves, and are kept */
	pfn_t counted_end;	/* doubts about zones that begin before are in n_doubted */
	const struct bounds *bounds;
	struct pfnset set;	/* the frames that are free */
};

/* Of which kernel. All of it must outlive the set. */
struct pcp_want {
	struct memmap *map;
	const struct pcp_facts *facts;
	const struct cpu_facts *cpus;
	const struct page_layout *layout;
	pfn_t text_pfn;			/* of the kernel's text: finds the memory map */
	const struct bounds *bounds;	/* of all walks that the set is filled by */
};

/* ENOENT: this kernel does not tell enough. */
bool pcp_init(struct pcp *p, const struct pcp_want *want, struct arena *arena,
	      struct err *e);

#endif
