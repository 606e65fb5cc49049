/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of page frames that may be spread over all of memory, in little memory of our
 * own: it knows one window at a time, and who fills it is asked again for the next.
 */
#ifndef KERNEL_PFNSET_H
#define KERNEL_PFNSET_H

#include "vmcore/physmem.h"

struct arena;
struct pfnset;

/* Bytes of bits for the frames of a window: 2 TiB of 4 KiB pages at the most. */
#define PFNSET_LEN_MAX (64u << 20)
#define PFNSET_LEN_MIN (2u << 20)

/* Calls pfnset_add for the frames of the window, others are passed over. */
typedef void pfnset_fill_fn(void *ctx, struct pfnset *set);

struct pfnset {
	uint64_t *bits;
	uint64_t n_window;	/* frames in a window */
	pfn_t first, end;	/* the window, empty at first */
	pfn_t low, high;	/* what has bits set is in [low, high) */
	pfnset_fill_fn *fill;
	void *ctx;
};

/*
 * The window is the largest, a power of two of frames, whose bits need no more than
 * mem_len bytes, between the bounds above. What is never touched costs nothing.
 */
bool pfnset_init(struct pfnset *s, pfnset_fill_fn *fill, void *ctx, size_t mem_len,
		 struct arena *arena, struct err *e);

/* Makes the window that has pfn; calls must come in rising order. */
void pfnset_reach(struct pfnset *s, pfn_t pfn);

void pfnset_add(struct pfnset *s, pfn_t pfn, uint64_t n);
void pfnset_remove(struct pfnset *s, pfn_t pfn, uint64_t n);

/* Only for a frame of the window that was reached. */
bool pfnset_has(const struct pfnset *s, pfn_t pfn);

#endif
