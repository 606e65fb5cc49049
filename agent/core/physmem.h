/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed machine's physical memory as something to read from: a core file
 * (elfcore.c) or a finished dump. Everything else in core/ stands on this.
 */
#ifndef CORE_PHYSMEM_H
#define CORE_PHYSMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

typedef uint64_t paddr_t;	/* physical address in the crashed machine */
typedef uint64_t vaddr_t;	/* virtual address in the crashed kernel */
typedef uint64_t pfn_t;		/* page frame number */

struct physmem {
	/* All of [paddr, paddr + len) or false: EFAULT not in the source, EIO unreadable. */
	bool (*read)(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		     struct err *e);
};

static inline bool physmem_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
				struct err *e)
{
	return pm->read(pm, paddr, buf, len, e);
}

#endif
