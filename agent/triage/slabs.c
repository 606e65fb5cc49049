/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The struct page of a slab's first page is its struct slab (struct page itself before 5.17),
 * which names its cache; objects follow one another from the page's start.
 */
#include "slabs.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "kernel/memmap.h"

#define CACHES_MAX 4096u
#define OBJECT_MAX (1u << 24)
#define OO_OBJECTS 0xffffu	/* of kmem_cache.oo; the order stands above */

#define AT(member) offsetof(struct slab_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("slab.slab_cache", AT(slab_cache)),
	WISH_FIELD("page.slab_cache", AT(slab_cache)),
	WISH_FIELD("kmem_cache.red_left_pad", AT(red_left_pad)),
};

const struct wish_set slab_wishes = WISH_SET(wishes, struct slab_facts);

bool slabs_open(struct slabs *s, struct arena *arena, struct err *e)
{
	const struct memuse_facts *f = s->caches_facts;
	vaddr_t head = f->slab_caches, at;

	s->n = 0;
	page_layout_init(&s->layout, s->space->k);
	s->caches = arena_take(arena, CACHES_MAX, sizeof(s->caches[0]), "slab caches", e);
	if (!s->caches)
		return false;
	if (!has(head) || !has(f->cache_list.off))
		return fail(e, 0, "this kernel does not tell its slab caches");
	if (!space_read_u64(s->space, head, &at, e))
		return false;
	while (at != head && s->n < CACHES_MAX) {
		s->caches[s->n++] = at - f->cache_list.off;
		if (!space_read_u64(s->space, at, &at, e))
			return within(e, "list of slab caches");
	}
	return true;
}

static bool is_cache(const struct slabs *s, vaddr_t cache)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->caches[i] == cache)
			return true;
	return false;
}

/* Both struct pages that are needed of one: tails tell their head. */
static bool read_page(struct slabs *s, vaddr_t page, uint8_t bytes[PAGE_STRUCT_MAX])
{
	struct err ignored;

	return space_read(s->space, page, bytes, s->layout.size, &ignored);
}

bool slabs_has_page_as(struct slabs *s, vaddr_t mapped, vaddr_t vaddr)
{
	struct err ignored;
	paddr_t paddr;
	vaddr_t base;

	return s->map && space_translate(s->space, mapped, &paddr, NULL, &ignored) &&
	       memmap_base(s->map, memmap_pfn(s->map, vaddr - mapped + paddr), &base, &ignored);
}

bool slabs_page_of(struct slabs *s, vaddr_t vaddr, vaddr_t *page, pfn_t *n_before)
{
	uint8_t bytes[PAGE_STRUCT_MAX];
	struct err ignored;
	vaddr_t base, head;
	paddr_t paddr;
	pfn_t pfn;

	if (!s->map || !space_translate(s->space, vaddr, &paddr, NULL, &ignored))
		return false;
	pfn = memmap_pfn(s->map, paddr);
	if (!memmap_base(s->map, pfn, &base, &ignored))
		return false;
	*page = base + pfn * s->layout.size;
	*n_before = 0;
	if (!read_page(s, *page, bytes))
		return false;
	if (!page_is_tail(&s->layout, bytes))
		return true;
	head = page_head_vaddr(&s->layout, bytes, *page);
	if (head >= *page || (*page - head) % s->layout.size ||
	    (*page - head) / s->layout.size >> MAX_FOLIO_ORDER)
		return false;
	*n_before = (*page - head) / s->layout.size;
	*page = head;
	return true;
}

static bool is_slab(struct slabs *s, vaddr_t page)
{
	const struct page_layout *l = &s->layout;
	uint8_t bytes[PAGE_STRUCT_MAX];

	return read_page(s, page, bytes) &&
	       (page_flags(l, bytes) & l->slab ||
		page_type_is(s->space->k->type_slab, page_mapcount(l, bytes)));
}

bool slab_place(const struct slab_shape *shape, uint64_t at, uint64_t *off)
{
	uint64_t nth, in;

	if (!shape->size || shape->size > OBJECT_MAX || shape->pad >= shape->size)
		return false;
	nth = at / shape->size;
	in = at % shape->size;
	if (nth >= shape->n || nth >= shape->len / shape->size || in < shape->pad)
		return false;
	*off = in - shape->pad;
	return true;
}

/* A slab for which memory was short is smaller than its cache says: so its own order counts. */
static bool read_shape(struct slabs *s, vaddr_t cache, vaddr_t page, struct slab_shape *shape)
{
	const struct memuse_facts *f = s->caches_facts;
	uint8_t bytes[2 * PAGE_STRUCT_MAX];
	struct err ignored;
	unsigned order = 0;
	uint64_t oo;

	if (!field_read(s->space, cache, f->cache_oo, &oo) ||
	    !space_read(s->space, page, bytes, 2 * s->layout.size, &ignored))
		return false;
	if (page_is_head(&s->layout, bytes, page))
		order = page_folio_order(&s->layout, bytes, 0);
	*shape = (struct slab_shape){
		.size = field_value(s->space, cache, f->cache_size),
		.pad = field_value(s->space, cache, s->facts->red_left_pad),
		.n = oo & OO_OBJECTS,
		.len = (uint64_t)s->layout.page_size << order };
	return true;
}

bool slab_object_at(struct slabs *s, vaddr_t vaddr, struct slab_object *out)
{
	const struct memuse_facts *f = s->caches_facts;
	struct slab_shape shape;
	vaddr_t page, cache;
	pfn_t n_before;
	uint64_t off;

	if (!slabs_page_of(s, vaddr, &page, &n_before) || !is_slab(s, page))
		return false;
	cache = field_value(s->space, page, s->facts->slab_cache);
	if (!cache || !is_cache(s, cache) || !read_shape(s, cache, page, &shape) ||
	    !slab_place(&shape, n_before * s->layout.page_size + vaddr % s->layout.page_size,
			&off))
		return false;
	memset(out, 0, sizeof(*out));
	text_at(s->space, field_value(s->space, cache, f->cache_name), out->cache,
		sizeof(out->cache));
	out->is_merged = field_value(s->space, cache, f->cache_refcount) > 1;
	out->off = off;
	out->at = vaddr - off;
	out->size = (uint32_t)shape.size;
	return out->cache[0];
}
