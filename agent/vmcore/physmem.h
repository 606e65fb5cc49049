/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed machine's physical memory as something to read from: a core file
 * (elfcore.c) or a finished dump. All that reads the crashed kernel stands on this.
 */
#ifndef VMCORE_PHYSMEM_H
#define VMCORE_PHYSMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

typedef uint64_t paddr_t;	/* physical address in the crashed machine */
typedef uint64_t vaddr_t;	/* virtual address in the crashed kernel */
typedef uint64_t pfn_t;		/* page frame number */

/* [start, end) in the crashed kernel; 0, 0 where nothing is known of it. */
struct vrange {
	vaddr_t start, end;
};

static inline bool vrange_has(struct vrange r, vaddr_t vaddr)
{
	return vaddr >= r.start && vaddr < r.end;
}

typedef void look_fn(void *ctx, const uint8_t *bytes);

struct physmem {
	/* All of [paddr, paddr + len) or false: EFAULT not in the source, EIO unreadable. */
	bool (*read)(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		     struct err *e);
	/*
	 * Optional: calls use() with the same bytes where they lie, to save the copy. False
	 * when they are not to be had that way or could not be touched after all; use() may
	 * then have been left in the middle, and what it did must be undone.
	 */
	bool (*look)(struct physmem *pm, paddr_t paddr, size_t len, look_fn *use, void *ctx);
	/*
	 * Optional: read() for a few bytes from anywhere, of which the neighbours are not
	 * wanted next.
	 */
	bool (*pick)(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		     struct err *e);
};

static inline bool physmem_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
				struct err *e)
{
	return pm->read(pm, paddr, buf, len, e);
}

static inline bool physmem_pick(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
				struct err *e)
{
	return pm->pick ? pm->pick(pm, paddr, buf, len, e) : pm->read(pm, paddr, buf, len, e);
}

static inline bool physmem_look(struct physmem *pm, paddr_t paddr, size_t len, look_fn *use,
				void *ctx)
{
	return pm->look && pm->look(pm, paddr, len, use, ctx);
}

#endif
