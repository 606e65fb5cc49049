/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SPARSEMEM_EXTREME sections and struct pages. A page line of a fixture changes only
 * what it names; every other page is "in use by the kernel": refcount 1, no mapping.
 *
 *   @PFN[-LAST|+N] [flags=a,b] [type=NAME] [buddy=ORDER] [order=N] [hugetlb] [hvo]
 *        [mapping=anon|ksm|movable|file|0x..] [private=N] [mapcount=N] [refcount=N]
 *        [compound_head=0x..] [raw_order=N] [pcp=PREV,NEXT] [unmapped]
 *        [data=zero|pfn|fill:0x55|random:SEED|noise:SEED|text:"..."]
 * With order= a range steps by whole folios and data= fills all their pages.
 */
#include "mkcore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE 64UL
/* node, zone and last cpu bits; code that compares the whole word trips over them */
#define FLAGS_UPPER 0x0017ffffc0000000UL
#define TAIL_MAPPING 0xdead000000000400UL

enum { FLAGS = 0, HEAD = 8, LRU = 8, MAPPING = 24, PRIVATE = 40, MAPCOUNT = 48, REF = 52 };

static uint64_t pages_per_section(const struct core *c)
{
	return (1UL << c->section_bits) / PAGE;
}

uint64_t page_vaddr(const struct core *c, uint64_t pfn)
{
	return c->vmemmap_base + pfn * STRIDE;
}

uint64_t page_paddr(const struct core *c, uint64_t pfn)
{
	uint64_t n = pfn / pages_per_section(c);

	if (n >= c->n_sections || !c->sections[n])
		die("pfn %#lx lies in no section", pfn);
	return c->sections[n] + pfn % pages_per_section(c) * STRIDE;
}

static uint8_t *page_at(struct core *c, uint64_t pfn)
{
	return mem_at(c, page_paddr(c, pfn), STRIDE);
}

int type_value(const struct layout *k, const char *type, int64_t *value_ret)
{
	static const struct { const char *name; uint32_t bit, bit_611, byte; } types[] = {
		{ "buddy",         0x0080, 0x40000000, 0xf0 },
		{ "offline",       0x0100, 0x20000000, 0xf1 },
		{ "table",         0x0200, 0x10000000, 0xf2 },
		{ "guard",         0x0400, 0x08000000, 0xf3 },
		{ "hugetlb",       0x0800, 0x04000000, 0xf4 },
		{ "slab",          0x1000, 0x02000000, 0xf5 },
		{ "zsmalloc",      0,      0x01000000, 0xf6 },
		{ "unaccepted",    0,      0,          0xf7 },
		{ "large_kmalloc", 0,      0,          0xf8 },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		uint32_t bit = k->types == TYPE_BITS ? types[i].bit : types[i].bit_611;

		if (strcmp(types[i].name, type) != 0)
			continue;
		if (k->types == TYPE_BYTE)
			*value_ret = (int32_t)(types[i].byte << 24);
		else if (bit)
			*value_ret = (int32_t)~bit;
		else
			return -1;
		return 0;
	}
	return -1;
}

static void section_create(struct core *c, uint64_t n, uint64_t entry)
{
	uint64_t size = pages_per_section(c) * STRIDE, first = n * pages_per_section(c);
	uint64_t map = c->vmemmap_shared && n ? c->sections[0] : scale_piece(c, n);
	bool own = !map;
	uint64_t flags = c->section_preinit ? 0x2f : 0xf;
	char name[32];

	if (own) {
		map = c->memmap;
		c->memmap += size < 1UL << 21 ? 1UL << 21 : size;
	}
	c->sections[n] = map;
	for (uint64_t at = 0; at < size; at += pgt_small_leaf(c))
		pgt_map(c, page_vaddr(c, first) + at, map + at, pgt_small_leaf(c));
	put(mem_at(c, entry, 16), c->vmemmap_base | flags, 8);
	snprintf(name, sizeof(name), "section:%lu", n);
	label_add(c, name, entry);
	if (own)
		for (uint64_t i = 0; i < pages_per_section(c); i++) {
			uint8_t *page = page_at(c, first + i);
			bool ram = mem_has(c, (first + i) * PAGE, 1);

			put(page + FLAGS, FLAGS_UPPER | (ram ? 0 : 1UL << c->k->reserved),
			    8);
			put(page + MAPCOUNT, 0xffffffff, 4);
			put(page + REF, 1, 4);
		}
}

/* A root table with one pointer per page of sections, then the sections that have RAM. */
void sections_create(struct core *c)
{
	uint64_t per_root = PAGE / 16;
	uint64_t n_roots = (1UL << (c->k->max_physmem_bits - c->section_bits)) / per_root;
	uint64_t roots = arena_alloc(c, n_roots * 8, PAGE);
	uint64_t last = 0;

	label_add(c, "roots", roots);
	for (size_t i = 0; i < c->n_loads; i++)
		if (!c->loads[i].mirror && !c->loads[i].unreadable)
			if (c->loads[i].paddr + c->loads[i].memsz > last)
				last = c->loads[i].paddr + c->loads[i].memsz;
	c->n_sections = ((last - 1) >> c->section_bits) + 1;
	c->sections = calloc(c->n_sections, sizeof(*c->sections));
	if (c->n_pieces)
		c->pieces = arena_alloc(c, c->n_pieces + c->n_listed << 21, 1UL << 21);
	for (size_t i = 0; i < c->n_loads; i++) {
		const struct load *l = &c->loads[i];

		if (l->mirror || l->unreadable || !l->filesz)
			continue;
		for (uint64_t n = l->paddr >> c->section_bits;
		     n <= (l->paddr + l->filesz - 1) >> c->section_bits; n++) {
			uint8_t *root = mem_at(c, roots + n / per_root * 8, 8);
			uint64_t table = get(root, 8) - c->direct_base;

			if (!get(root, 8)) {
				table = arena_alloc(c, PAGE, PAGE);
				put(root, direct_vaddr(c, table), 8);
			}
			if (!c->sections[n])
				section_create(c, n, table + n % per_root * 16);
		}
	}
}

/* Points of a struct page that a page line may change. */
struct change {
	bool hugetlb, hvo, unmapped;
	long order, raw_order, n_free;
	char data[1024];
};

static uint64_t flag_bits(const struct core *c, char *names)
{
	const struct layout *k = c->k;
	const struct { const char *name; int bit; } flags[] = {
		{ "locked", k->locked }, { "lru", k->lru }, { "head", k->head },
		{ "waiters", k->waiters }, { "reserved", k->reserved },
		{ "private", k->private }, { "private_2", k->private_2 },
		{ "swapbacked", k->swapbacked },
		{ "swapcache", k->swapcache }, { "slab", k->slab },
		{ "hwpoison", k->hwpoison },
	};
	uint64_t bits = 0;
	char *save;

	for (char *s = strtok_r(names, ",", &save); s; s = strtok_r(NULL, ",", &save)) {
		size_t i;

		for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			if (strcmp(flags[i].name, s) == 0)
				break;
		if (i == sizeof(flags) / sizeof(flags[0]) || flags[i].bit == NONE)
			die("kernel %s has no page flag %s", k->name, s);
		bits |= 1UL << flags[i].bit;
	}
	return bits;
}

static uint64_t mapping_value(const char *s)
{
	const uint64_t object = 0xffff888001234560UL;

	if (strcmp(s, "file") == 0)
		return object;
	if (strcmp(s, "anon") == 0)
		return object | 1;
	if (strcmp(s, "movable") == 0)
		return object | 2;
	if (strcmp(s, "ksm") == 0)
		return object | 3;
	return strtoull(s, NULL, 0);
}

static void data_put(struct core *c, uint64_t pfn, const char *data)
{
	uint8_t *at = mem_at(c, pfn * PAGE, PAGE);

	memset(at, 0, PAGE);
	if (strncmp(data, "text:", 5) == 0) {
		unquote(data + 5, (char *)at, PAGE, NULL);
	} else if (strncmp(data, "fill:", 5) == 0) {
		memset(at, strtoul(data + 5, NULL, 0), PAGE);
	} else if (strcmp(data, "pfn") == 0) {
		for (size_t i = 0; i < PAGE; i += 8)
			put(at + i, pfn, 8);
	} else if (strncmp(data, "random:", 7) == 0 || strncmp(data, "noise:", 6) == 0) {
		/* noise: is the same in each page. */
		uint64_t x = (strtoull(strchr(data, ':') + 1, NULL, 0) + 1) *
			     0x9e3779b97f4a7c15UL ^ (*data == 'r' ? pfn : 0);

		for (size_t i = 0; i < PAGE; i += 8) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			put(at + i, x, 8);
		}
	} else if (strcmp(data, "zero") != 0) {
		die("page data %s is not zero, pfn, fill:, random:, noise: or text:", data);
	}
}

static void tail_put(struct core *c, uint8_t *tail, uint64_t head, int order)
{
	uint64_t value = c->k->mask_heads ? ~0UL << (order + 6) : page_vaddr(c, head);

	memset(tail, 0, STRIDE);
	put(tail + FLAGS, FLAGS_UPPER, 8);
	put(tail + HEAD, value | 1, 8);
	put(tail + MAPPING, TAIL_MAPPING, 8);
	put(tail + MAPCOUNT, 0xffffffff, 4);
}

static void order_put(struct core *c, uint64_t head, long order, bool hugetlb)
{
	uint8_t *first = page_at(c, head + 1);
	uint64_t flags = get(first + FLAGS, 8) & ~0xffUL;

	switch (c->k->compound) {
	case COMPOUND_DTOR:
	case COMPOUND_FOLIO:
		put(first + 16, hugetlb ? 2 : 1, 1);
		put(first + 17, order, 1);
		break;
	case COMPOUND_FLAG:
		if (hugetlb)
			flags |= 1UL << c->k->hugetlb_flag;
		put(first + FLAGS, flags | (order & 0xff), 8);
		break;
	case COMPOUND_TYPE:
		put(first + FLAGS, flags | (order & 0xff), 8);
		break;
	}
}

/* Gives all but the first vmemmap pages of a hugetlb folio to one physical page. */
static void hvo_put(struct core *c, uint64_t head, int order)
{
	uint64_t n = (STRIDE << order) / PAGE, shared = page_paddr(c, head), kept = 1;

	if (c->k->mask_heads) {
		shared = arena_alloc(c, PAGE, PAGE);
		for (uint64_t at = 0; at < PAGE; at += STRIDE)
			tail_put(c, mem_at(c, shared + at, STRIDE), head, order);
	} else if (!c->k->fake_heads) {
		shared += PAGE;
		kept = 2;
	}
	for (uint64_t i = kept; i < n; i++)
		pgt_map(c, page_vaddr(c, head) + i * PAGE, shared, PAGE);
}

static void compound_put(struct core *c, uint64_t head, const struct change *ch)
{
	uint8_t *page = page_at(c, head);
	int64_t type;

	put(page + FLAGS, get(page + FLAGS, 8) | 1UL << c->k->head, 8);
	for (uint64_t i = 1; i < 1UL << ch->order; i++)
		tail_put(c, page_at(c, head + i), head, ch->order);
	order_put(c, head, ch->order, ch->hugetlb);
	if (ch->hugetlb && c->k->compound == COMPOUND_TYPE) {
		type_value(c->k, "hugetlb", &type);
		put(page + MAPCOUNT, type, 4);
	}
	if (ch->hvo)
		hvo_put(c, head, ch->order);
}

static void attribute(struct core *c, uint64_t pfn, char *s, struct change *ch)
{
	uint8_t *page = page_at(c, pfn);
	char *value = strchr(s, '=');
	uint64_t number;
	int64_t type;

	if (value)
		*value++ = 0;
	number = value ? strtoull(value, NULL, 0) : 0;
	if (strcmp(s, "flags") == 0) {
		put(page + FLAGS, get(page + FLAGS, 8) | flag_bits(c, value), 8);
	} else if (strcmp(s, "type") == 0 || strcmp(s, "buddy") == 0) {
		if (type_value(c->k, *s == 'b' ? s : value, &type) != 0)
			die("kernel %s has no page type %s", c->k->name, value);
		put(page + MAPCOUNT, type, 4);
		put(page + REF, 0, 4);
		if (*s == 'b')
			put(page + PRIVATE, number, 8);
		ch->n_free = *s == 'b' && number < 11 ? number : 0;
	} else if (strcmp(s, "mapping") == 0) {
		put(page + MAPPING, mapping_value(value), 8);
	} else if (strcmp(s, "private") == 0) {
		put(page + PRIVATE, number, 8);
	} else if (strcmp(s, "mapcount") == 0) {
		put(page + MAPCOUNT, number, 4);
	} else if (strcmp(s, "refcount") == 0) {
		put(page + REF, number, 4);
	} else if (strcmp(s, "compound_head") == 0) {
		put(page + HEAD, number, 8);
	} else if (strcmp(s, "pcp") == 0) {
		put(page + LRU, page_vaddr(c, strtoull(strchr(value, ',') + 1, NULL, 0))
				+ LRU, 8);
		put(page + LRU + 8, page_vaddr(c, number) + LRU, 8);
		put(page + REF, 0, 4);
	} else if (strcmp(s, "order") == 0) {
		ch->order = number;
	} else if (strcmp(s, "raw_order") == 0) {
		ch->raw_order = number;
	} else if (strcmp(s, "hugetlb") == 0) {
		ch->hugetlb = true;
	} else if (strcmp(s, "hvo") == 0) {
		ch->hvo = true;
	} else if (strcmp(s, "unmapped") == 0) {
		ch->unmapped = true;
	} else if (strcmp(s, "data") == 0) {
		snprintf(ch->data, sizeof(ch->data), "%s", value);
	} else {
		die("unknown page attribute %s", s);
	}
}

static uint64_t page_change(struct core *c, uint64_t pfn, const char *attributes)
{
	struct change ch = { .order = NONE, .raw_order = NONE };
	char copy[2048], *save, *text;
	uint64_t n_pages;

	snprintf(copy, sizeof(copy), "%s", attributes);
	text = strstr(copy, "data=text:");	/* quoted, with spaces: last on the line */
	if (text) {
		attribute(c, pfn, strdup(text), &ch);
		*text = 0;
	}
	for (char *s = strtok_r(copy, " \t", &save); s; s = strtok_r(NULL, " \t", &save))
		attribute(c, pfn, s, &ch);
	if (ch.order != NONE)
		compound_put(c, pfn, &ch);
	if (ch.raw_order != NONE)
		order_put(c, pfn, ch.raw_order, ch.hugetlb);
	/* Nobody holds the pages behind the first one of a free block. */
	for (long i = 1; i < 1L << ch.n_free; i++)
		if (mem_has(c, (pfn + i) * PAGE, 1))
			put(page_at(c, pfn + i) + REF, 0, 4);
	if (ch.unmapped)
		pgt_unmap(c, page_vaddr(c, pfn) & ~(PAGE - 1));
	n_pages = ch.order != NONE ? 1UL << ch.order : 1;
	for (uint64_t i = 0; ch.data[0] && i < n_pages; i++)
		data_put(c, pfn + i, ch.data);
	return n_pages;
}

void page_line(struct core *c, char *line)
{
	char *end;
	uint64_t pfn = strtoull(line + 1, &end, 0), last = pfn;

	if (*end == '-')
		last = strtoull(end + 1, &end, 0);
	else if (*end == '+')
		last = pfn + strtoull(end + 1, &end, 0) - 1;
	while (pfn <= last)
		pfn += page_change(c, pfn, end);
}
