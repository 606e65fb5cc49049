/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of page frames that may be spread over all of memory, in little memory of our
 * own: it knows one window at a time, and who fills it is asked again for the next.
 */
#ifndef CORE_PFNSET_H
#define CORE_PFNSET_H

#include "physmem.h"

struct arena;
struct pfnset;

#define PFNSET_WINDOW (16u << 20)	/* 64 GiB of 4 KiB pages, 2 MiB of bits */

/* Calls pfnset_add for the frames of the window, others are passed over. */
typedef void pfnset_fill_fn(void *ctx, struct pfnset *set);

struct pfnset {
	uint64_t *bits;
	pfn_t first, end;	/* the window, empty at first */
	pfn_t low, high;	/* what has bits set is in [low, high) */
	pfnset_fill_fn *fill;
	void *ctx;
};

bool pfnset_init(struct pfnset *s, pfnset_fill_fn *fill, void *ctx, struct arena *arena,
		 struct err *e);

/* Makes the window that has pfn; calls must come in rising order. */
void pfnset_reach(struct pfnset *s, pfn_t pfn);

void pfnset_add(struct pfnset *s, pfn_t pfn, uint64_t n);
void pfnset_remove(struct pfnset *s, pfn_t pfn, uint64_t n);

/* Only for a frame of the window that was reached. */
bool pfnset_has(const struct pfnset *s, pfn_t pfn);

#endif
