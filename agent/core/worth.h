/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a reader cannot do without, so that they are written first and a dump
 * that is cut short still opens. A list of bounded length: what does not fit in it is
 * simply written with the rest.
 */
#ifndef CORE_WORTH_H
#define CORE_WORTH_H

#include "physmem.h"

struct arena;
struct elfcore;
struct memmap;
struct space;

/* In the order of writing. */
enum worth_class {
	WORTH_LOG,
	WORTH_STACKS,	/* of the CPUs, as they were when the machine died */
	WORTH_IMAGE,
	WORTH_PAGE_TABLES,
	WORTH_MEMMAP,
	WORTH_BOOT,	/* taken at boot, per-CPU data among it */
	WORTH_VITAL,	/* slab and the like: what a reader follows from there */
	WORTH_REST,	/* what is in no other class */
	N_WORTH
};

struct pfn_range {
	pfn_t first, end;	/* [first, end) */
};

struct worth {
	struct pfn_range *ranges[N_WORTH];	/* sorted, disjoint within a class */
	size_t n[N_WORTH];
};

/* An empty list; every page is among the rest. */
bool worth_init(struct worth *w, struct arena *arena, struct err *e);

/*
 * Finds out. space and map may be NULL when nothing is known but the ELF header. *alive
 * is counted up with each step.
 */
void worth_find(struct worth *w, const struct elfcore *core, struct space *space,
		struct memmap *map, unsigned page_shift, uint64_t *alive);

/* Notes one more frame of a class; rising ones make ranges. Before worth_find. */
void worth_add(struct worth *w, enum worth_class class, pfn_t pfn);

/* Is the frame in one of the classes before `before`? */
bool worth_has(const struct worth *w, enum worth_class before, pfn_t pfn);

#endif
