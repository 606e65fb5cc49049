/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The free pages on lists of CPUs. A CPU has, for each zone, a struct per_cpu_pages: a
 * count and an array of lists. The index of a list tells the order of its blocks:
 * MIGRATE_PCPTYPES lists for each of the orders 0 to 3 (order_to_pindex(), Linux 5.13;
 * only order 0 before), then one or two for huge pages.
 *
 * A CPU may have been stopped in the middle of a change, or the lists may be damaged. So
 * a block counts only if its neighbours point back at it and all its pages look free,
 * and the blocks of a CPU and zone count only if all of its lists lead back to where they
 * begin and together have as many pages as the kernel counted.
 *
 * The lists are in no order, so nearly each page on them costs a mapping: a microsecond or
 * two, where to save the page costs more than ten. That pays, but it has an end all the
 * same: the clock's. What it leaves is kept, and counted as the kernel counted it.
 */
#include "pcp.h"

#include <errno.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "filter.h"
#include "kernel/memmap.h"
#include "vmcore/space.h"

#define MAX_NODES 1024u
#define MAX_ZONES 16u
#define MAX_PCP_LEN 1024u
#define MAX_SMALL_ORDER 3u	/* PAGE_ALLOC_COSTLY_ORDER */

#define MAX_SETS (1u << 20)	/* of lists, all CPUs and zones */
#define MAX_SETS_LATE (1u << 16)	/* to be counted when the time is over */

#define AT(member) offsetof(struct pcp_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "node_data", AT(node_data) },
	{ WISH_OFF, "pglist_data.node_zones", AT(node_zones) },
	{ WISH_COUNT, "pglist_data.node_zones", AT(n_node_zones) },
	{ WISH_SIZE, "pglist_data.node_zones", AT(size_zone) },
	{ WISH_OFF, "zone.per_cpu_pageset", AT(pageset) },	/* 5.14 */
	{ WISH_OFF, "zone.pageset", AT(pageset) },		/* before */
	{ WISH_OFF, "zone.zone_start_pfn", AT(zone_start) },
	{ WISH_OFF, "zone.spanned_pages", AT(zone_spanned) },
	{ WISH_OFF, "per_cpu_pages.count", AT(count) },
	{ WISH_OFF, "per_cpu_pages.lists", AT(lists) },
	{ WISH_COUNT, "per_cpu_pages.lists", AT(n_lists) },
	{ WISH_SIZE, "per_cpu_pages", AT(size) },
	{ WISH_VALUE, "migratetype.MIGRATE_PCPTYPES", AT(n_types) },
};

const struct wish_set pcp_wishes = WISH_SET(wishes, struct pcp_facts);

/* What one table of the upper level maps: pageblock_order. */
static unsigned huge_order(const struct pcp *p)
{
	return p->map->page_shift - 3;
}

static bool order_of(const struct pcp *p, int64_t list, unsigned *ret)
{
	int64_t n_types = p->facts->n_types, n = p->facts->n_lists;
	int64_t n_small = n_types * (MAX_SMALL_ORDER + 1);

	if (n == n_types)
		*ret = 0;
	else if (n < n_small || n > n_small + 2)
		return false;
	else
		*ret = list < n_small ? list / n_types : huge_order(p);
	return true;
}

/*
 * The table of nodes, *n_ret of them. Only x86 exports it; elsewhere it is a symbol like
 * others, and has as many entries as a set of nodes has bits. A node that is not there
 * is a null pointer.
 */
static bool nodes_of(const struct pcp *p, vaddr_t *table_ret, uint64_t *n_ret)
{
	const struct kinfo *k = p->map->space->k;

	if (has(k->node_data) && has(k->n_node_data)) {
		*table_ret = k->node_data;
		*n_ret = k->n_node_data;
	} else if (has(p->facts->node_data) && has(k->size_nodemask)) {
		*table_ret = p->facts->node_data;
		*n_ret = k->size_nodemask * 8;
	} else {
		return false;
	}
	*n_ret = min_u64(*n_ret, MAX_NODES);
	return true;
}

static bool is_known(const struct pcp *p, struct err *e)
{
	const struct pcp_facts *f = p->facts;
	const struct kinfo *k = p->map->space->k;
	vaddr_t nodes;
	uint64_t n_nodes;
	unsigned order;

	if (!has(f->node_zones) || !has(f->n_node_zones) || !has(f->size_zone) ||
	    !has(f->pageset) ||
	    !has(f->count) || !has(f->lists) || !has(f->n_lists) ||
	    !has(f->size) || !has(f->n_types) || !has(k->page_lru) ||
	    (!nodes_of(p, &nodes, &n_nodes) && !has(k->contig_page_data)))
		return fail(e, ENOENT, "this kernel does not tell where per-CPU pages are");
	if (f->n_types < 1 || f->n_types > 8 || f->n_node_zones < 1 ||
	    f->n_node_zones > MAX_ZONES || !order_of(p, 0, &order) ||
	    f->size > MAX_PCP_LEN || f->count > f->size - 4 ||
	    f->lists > f->size - f->n_lists * 16)
		return fail(e, EINVAL, "per-CPU page lists of a kind that is not known");
	return true;
}

/* ---- one list --------------------------------------------------------------- */

/* The frame of the zone whose list head lies at vaddr, if there is one. */
static bool pfn_of(struct pcp *p, vaddr_t vaddr, pfn_t *ret)
{
	struct memmap *m = p->map;
	uint64_t in = vaddr - m->space->k->page_lru - p->base, section;
	struct err ignored;
	vaddr_t base;

	*ret = in / m->size_page;
	if (in % m->size_page || *ret >= m->n_sections * m->pages_per_section ||
	    *ret < p->zone_first || *ret >= p->zone_end)
		return false;
	section = *ret / m->pages_per_section;
	if (bitmap_test(p->sections, section))
		return true;
	if (!memmap_base(m, *ret, &base, &ignored) || base != p->base)
		return false;
	bitmap_set(p->sections, section);
	return true;
}

/* Do all pages of the block look free? Gives the list pointers of the first. */
static bool is_free_block(struct pcp *p, pfn_t pfn, unsigned order, vaddr_t *next_ret,
			  vaddr_t *prev_ret)
{
	uint8_t page[PAGE_STRUCT_MAX];

	if (pfn & ((1ULL << order) - 1))
		return false;
	for (uint64_t i = 0; i < 1ULL << order; i++) {
		if (!memmap_pick(p->map, p->base, pfn + i, page) ||
		    !filter_looks_free(p->layout, page))
			return false;
		if (i)
			continue;
		*next_ret = get_u64(page + p->map->space->k->page_lru);
		*prev_ret = get_u64(page + p->map->space->k->page_lru + 8);
	}
	return true;
}

/*
 * Is there time to go on with the set of lists, and to take out again what was added of
 * it? That takes as long as to add it.
 */
static bool has_time(struct pcp *p)
{
	if (!(++p->n_steps % BOUNDS_EVERY)) {
		double now = monotonic_seconds();

		p->over = p->over || now + (now - p->set_began) >= p->bounds->until;
	}
	return !p->over;
}

/* The lists of one CPU and zone, and what is done with what is on them. */
struct set {
	vaddr_t vaddr;
	uint8_t raw[MAX_PCP_LEN];
	uint64_t left;		/* how many pages there may still be */
	bool add;		/* or take them out again */
};

/*
 * Adds the blocks of a list, or takes them out again, as far as they fit. False when the
 * list does not lead back to its head.
 */
static bool walk_list(struct pcp *p, struct set *s, size_t off, unsigned order)
{
	vaddr_t head = s->vaddr + off, at = get_u64(s->raw + off), before = head, next, prev;
	uint64_t n = 1ULL << order;
	pfn_t pfn;

	while (at != head) {
		if (s->left < n || (s->add && !has_time(p)) || !pfn_of(p, at, &pfn) ||
		    !is_free_block(p, pfn, order, &next, &prev) || prev != before)
			return false;
		if (s->add)
			pfnset_add(&p->set, pfn, n);
		else
			pfnset_remove(&p->set, pfn, n);
		s->left -= n;
		*p->bounds->alive += 1;
		before = at;
		at = next;
	}
	return get_u64(s->raw + off + 8) == before;
}

/* ---- all lists -------------------------------------------------------------- */

static bool walk_lists(struct pcp *p, struct set *s)
{
	for (int64_t i = 0; i < p->facts->n_lists; i++) {
		size_t off = p->facts->lists + i * 16;
		unsigned order;

		if (!order_of(p, i, &order) || !walk_list(p, s, off, order))
			return false;
	}
	return true;
}

/* One CPU's pages of one zone. False when they are not what they should be. */
static bool add_pages(struct pcp *p, vaddr_t pcp)
{
	struct set s;
	struct err ignored;
	int32_t count;

	if (!space_read(p->map->space, pcp, s.raw, p->facts->size, &ignored))
		return false;
	count = (int32_t)get_u32(s.raw + p->facts->count);
	if (count < 0)
		return false;
	s.vaddr = pcp;
	s.left = count;
	s.add = true;
	p->set_began = monotonic_seconds();
	if (!p->over && walk_lists(p, &s) && !s.left)
		return true;
	/* So many were added, and no more will be taken out. */
	s.left = count - s.left;
	s.add = false;
	walk_lists(p, &s);
	if (p->over)
		p->n_unproven += count;
	return p->over;
}

/* Which frames a zone's pages are of; all there are if it does not tell. */
static void zone_span(struct pcp *p, vaddr_t zone)
{
	struct space *space = p->map->space;
	struct err ignored;
	uint64_t first, n;

	p->zone_first = 0;
	p->zone_end = UINT64_MAX;
	if (!has(p->facts->zone_start) || !has(p->facts->zone_spanned) ||
	    !space_read_u64(space, zone + p->facts->zone_start, &first, &ignored) ||
	    !space_read_u64(space, zone + p->facts->zone_spanned, &n, &ignored) ||
	    n > UINT64_MAX - first)
		return;
	p->zone_first = first;
	p->zone_end = first + n;
}

static void add_zone(struct pcp *p, vaddr_t zone)
{
	struct space *space = p->map->space;
	struct err ignored;
	uint64_t pageset;

	zone_span(p, zone);
	if (p->zone_first >= p->set.end || p->zone_end <= p->set.first ||
	    p->zone_first == p->zone_end ||
	    !space_read_u64(space, zone + p->facts->pageset, &pageset, &ignored) || !pageset)
		return;
	for (unsigned cpu = 0; cpu < p->cpus.n; cpu++) {
		vaddr_t pcp;

		if (!cpus_has(&p->cpus, cpu) ||
		    !cpus_vaddr(&p->cpus, cpu, pageset, &pcp, &ignored))
			continue;
		*p->bounds->alive += 1;
		if (!p->sets_left)
			return;
		p->over = p->over || bounds_over(p->bounds);
		p->sets_left = min_u64(p->sets_left - 1, p->over ? MAX_SETS_LATE : MAX_SETS);
		if (!add_pages(p, pcp) && p->zone_first >= p->counted_end)
			p->n_doubted++;
	}
}

static void add_node(struct pcp *p, vaddr_t node)
{
	for (int64_t i = 0; i < p->facts->n_node_zones; i++)
		add_zone(p, node + p->facts->node_zones + i * p->facts->size_zone);
}

static void fill(void *ctx, struct pfnset *set)
{
	struct pcp *p = ctx;
	uint64_t node, n_nodes = 0;
	struct err ignored;
	vaddr_t table = 0;

	if (!nodes_of(p, &table, &n_nodes))
		add_node(p, p->map->space->k->contig_page_data);
	for (uint64_t i = 0; i < n_nodes; i++)
		if (space_read_u64(p->map->space, table + i * 8, &node, &ignored) && node)
			add_node(p, node);
	p->counted_end = set->end;
}

bool pcp_init(struct pcp *p, const struct pcp_want *want, struct arena *arena,
	      struct err *e)
{
	struct memmap *map = want->map;

	*p = (struct pcp){ .map = map, .facts = want->facts, .layout = want->layout,
			   .bounds = want->bounds, .sets_left = MAX_SETS };
	if (!is_known(p, e) || !cpus_open(&p->cpus, map->space, want->cpus, e) ||
	    !memmap_base(map, want->text_pfn, &p->base, e))
		return false;
	p->sections = arena_take(arena, map->n_sections / 64 + 1, 8, "sections", e);
	return p->sections && space_remember(map->space, arena, e) &&
	       pfnset_init(&p->set, fill, p, p->bounds->mem_len, arena, e);
}
