/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a reader cannot do without, so that they are written first and a dump
 * that is cut short still opens. A list of bounded length: what does not fit in it is
 * simply written with the rest.
 */
#ifndef PAGES_PRIORITY_H
#define PAGES_PRIORITY_H

#include "vmcore/physmem.h"

struct arena;
struct elfcore;
struct filter;
struct kernel;
struct page_window;
struct running;

/* In the order of writing. */
enum priority_class {
	PRIORITY_LOG,
	PRIORITY_TOPS,	/* the page that each CPU's stack pointer points into */
	PRIORITY_STACKS,	/* what lies around it, as far as a stack may reach */
	PRIORITY_RUNNING,	/* the tasks that the CPUs ran */
	PRIORITY_IMAGE,
	PRIORITY_PAGE_TABLES,
	PRIORITY_MEMMAP,
	PRIORITY_BOOT,	/* taken at boot, per-CPU data among it */
	PRIORITY_VITAL,	/* slab and the like: what a reader follows from there */
	PRIORITY_REST,	/* what is in no other class */
	N_PRIORITIES
};

struct pfn_range {
	pfn_t first, end;	/* [first, end) */
};

struct priority {
	struct pfn_range *ranges[N_PRIORITIES];	/* sorted, disjoint within a class */
	size_t n[N_PRIORITIES];
};

/* An empty list; every page is among the rest. */
bool priority_init(struct priority *w, struct arena *arena, struct err *e);

/* Finds out, as far as the kernel can be believed. *alive is counted up with each step. */
void priority_find(struct priority *w, const struct elfcore *core, struct kernel *kn,
		   uint64_t *alive);

/*
 * Where the tasks lie that the CPUs ran, which are slab like others: readers show nothing of
 * a panic without its task.
 */
void priority_find_running(struct priority *w, const struct running *r, unsigned page_shift);

/*
 * Asks the filter of the window that it has judged last. After priority_find, and in rising
 * order.
 */
void priority_note(struct priority *w, const struct filter *f,
		   const struct page_window *window);

/*
 * Sets the bits of those of the n frames from `first` on that are surely the kernel's own,
 * whatever their struct pages say: it has shown us the way there itself. Not all of the
 * image is, parts of which are given away after boot. Returns how many.
 */
uint64_t priority_known(const struct priority *w, pfn_t first, size_t n, uint64_t *bits);

/* Range nr of such frames; false when there are no more. */
bool priority_known_range(const struct priority *w, size_t nr, struct pfn_range *ret);

/* Is the frame in one of the classes before `before`? */
bool priority_has(const struct priority *w, enum priority_class before, pfn_t pfn);

#endif
