/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects of the slab allocator, by any address in them: which cache, where it begins. */
#ifndef TRIAGE_SLABS_H
#define TRIAGE_SLABS_H

#include "memuse.h"
#include "pages/page_layout.h"

struct arena;
struct memmap;

struct slab_facts {
	struct field slab_cache;	/* of struct slab, which lies where struct page does */
	struct field red_left_pad;	/* of kmem_cache: bytes in front of each object */
};

extern const struct wish_set slab_wishes;

struct slabs {
	struct space *space;
	struct memmap *map;
	const struct slab_facts *facts;
	const struct memuse_facts *caches_facts;
	struct page_layout layout;
	vaddr_t *caches;		/* all that the kernel has */
	unsigned n;
};

/* Of each slab of a cache. */
struct slab_shape {
	uint64_t size, pad;		/* bytes of an object, of them in front of it */
	uint64_t n, len;		/* objects, bytes of the slab: what is less counts */
};

struct slab_object {
	char cache[CACHE_NAME];
	bool is_merged;			/* several caches under that name */
	vaddr_t at;			/* where it begins */
	uint64_t off;			/* from there to the address that was asked for */
	uint32_t size;
};

/* Reads the list of caches; space, map, facts and caches_facts are the caller's. */
bool slabs_open(struct slabs *s, struct arena *arena, struct err *e);

/* Where in its object byte `at` of a slab lies; false: in front of one, or behind the last. */
bool slab_place(const struct slab_shape *shape, uint64_t at, uint64_t *off);

/*
 * False: that address is in no object, as far as is known. Page and list of caches are the two
 * witnesses. That the object is in use is not said.
 */
bool slab_object_at(struct slabs *s, vaddr_t vaddr, struct slab_object *out);

/* The struct page of an address's memory, or its head's; false: it has none. */
bool slabs_page_of(struct slabs *s, vaddr_t vaddr, vaddr_t *page, pfn_t *n_before);

/*
 * Would an address be memory that there is if it were as far from its own as `mapped` is, which
 * is mapped? So are addresses of pages that were unmapped when they were freed.
 */
bool slabs_has_page_as(struct slabs *s, vaddr_t mapped, vaddr_t vaddr);

#endif
