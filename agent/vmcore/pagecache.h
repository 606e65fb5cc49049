/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Physical memory that remembers: for who follows pointers about and comes to the same
 * pages again and again. A window of the core would move each time, and of a dump the page
 * would be unpacked each time.
 */
#ifndef VMCORE_PAGECACHE_H
#define VMCORE_PAGECACHE_H

#include "physmem.h"

struct arena;

#define PAGECACHE_LEN (1u << 20)	/* what it takes of the arena, and its books */

struct pagecache {
	struct physmem pm;	/* first, so that it is one */
	struct physmem *source;
	size_t page_len;
	size_t n_slots;		/* a page has one place where it can be */
	paddr_t *held;		/* of each slot the page that is in it */
	uint8_t *bytes;
	uint64_t n_hits, n_misses;
};

/*
 * In front of source, in pages of page_len bytes: a power of two, at least what the source
 * unpacks at once, at most PAGECACHE_LEN. An error of source is that of the read.
 */
bool pagecache_init(struct pagecache *c, struct physmem *source, size_t page_len,
		    struct arena *arena, struct err *e);

/* What was read is read anew: the memory is of a machine that lives. */
void pagecache_forget(struct pagecache *c);

#endif
