/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine of many TiB in a file of a few hundred MiB: `scale = END PIECES [LISTED]`.
 *
 * Memory from 4 GiB up to END comes in PT_LOADs of 1 GiB that all show the same stretch of
 * the file (zeroes but for its first part), and the memory map of each of its sections
 * (2 MiB of struct pages) is one of PIECES patterns in turn. Only a kernel whose tail
 * pages hold a mask in place of a pointer can share them: a pattern then says the same
 * wherever it is mapped.
 *
 * LISTED sections, spread over all memory, have a memory map of their own (2 MiB of the
 * file each): with types = N all their pages are free and on lists, in random order, of
 * the CPUs, each of which has its share.
 *
 * What is in a pattern is what a busy machine has: huge pages, page cache in folios of all
 * sizes, free blocks, areas where small things are mixed, some slab, page tables and
 * memory taken at boot. How many frames of what there are goes to standard output, one
 * "NAME COUNT" a line, in the words of the manifest.
 */
#include "mkcore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkcore_types.h"

#define STRIDE 64UL
#define SECTION_PFNS 32768UL
#define PIECE (SECTION_PFNS * STRIDE)
#define BLOCK 512UL		/* frames of a pageblock */
#define HIGH (1UL << 32)
#define STRETCH (1UL << 30)
#define FLAGS_UPPER 0x0017ffffc0000000UL
#define OBJECT 0xff11000001234560UL

enum { FLAGS = 0, HEAD = 8, LRU = 8, MAPPING = 24, PRIVATE = 40, MAPCOUNT = 48, REF = 52 };
enum class { FREE, CACHE, CACHE_PRIVATE, USER, KEPT, N_CLASSES };

struct filler {
	struct core *c;
	uint64_t random;
	uint8_t *pages;		/* of the piece */
	uint64_t n[N_CLASSES];
};

static uint64_t draw(struct filler *f, uint64_t below)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return f->random % below;
}

/* ---- one struct page, one folio ---------------------------------------------- */

static uint64_t bit(int nr)
{
	return 1UL << nr;
}

static uint8_t *page_put(struct filler *f, uint64_t i, uint64_t flags, uint64_t mapping,
			 uint32_t mapcount, uint32_t refcount)
{
	uint8_t *page = f->pages + i * STRIDE;

	memset(page, 0, STRIDE);
	put(page + FLAGS, FLAGS_UPPER | flags, 8);
	/* Where a tail has its mask others have a list: even addresses. */
	put(page + HEAD, 0xffd4000000001008UL + draw(f, 1UL << 30) * STRIDE, 8);
	put(page + HEAD + 8, 0xffd4000000001008UL + draw(f, 1UL << 30) * STRIDE, 8);
	put(page + MAPPING, mapping, 8);
	put(page + MAPCOUNT, mapcount, 4);
	put(page + REF, refcount, 4);
	return page;
}

static void tails_put(struct filler *f, uint64_t head, int order)
{
	for (uint64_t i = head + 1; i < head + (1UL << order); i++) {
		uint8_t *tail = f->pages + i * STRIDE;

		memset(tail, 0, STRIDE);
		put(tail + FLAGS, FLAGS_UPPER, 8);
		put(tail + HEAD, ~0UL << (order + 6) | 1, 8);
		put(tail + MAPPING, 0xdead000000000400UL, 8);
		put(tail + MAPCOUNT, 0xffffffff, 4);
	}
	put(f->pages + (head + 1) * STRIDE + FLAGS, FLAGS_UPPER | order, 8);
}

static uint32_t type_of(const struct filler *f, const char *name)
{
	int64_t type;

	if (type_value(f->c->k, name, &type))
		die("kernel %s has no page type %s", f->c->k->name, name);
	return type;
}

/* 1 << order frames from i on; returns the frame behind them. */
static uint64_t folio_put(struct filler *f, uint64_t i, int order, enum class class)
{
	const struct layout *k = f->c->k;
	uint64_t flags = order ? bit(k->head) : 0, used = 1 + draw(f, 3);

	if (class == USER)
		page_put(f, i, flags | bit(k->lru) | bit(k->swapbacked), OBJECT | 1, used,
			 used);
	else if (class == KEPT)
		page_put(f, i, flags, 0, type_of(f, "slab"), 1);
	else
		page_put(f, i, flags | bit(k->lru) |
			 (class == CACHE_PRIVATE ? bit(k->private) : 0), OBJECT, -1, used);
	if (order)
		tails_put(f, i, order);
	f->n[class] += 1UL << order;
	return i + (1UL << order);
}

static uint64_t free_put(struct filler *f, uint64_t i, int order)
{
	uint8_t *first = page_put(f, i, 0, 0, type_of(f, "buddy"), 0);

	put(first + PRIVATE, order, 8);
	for (uint64_t j = i + 1; j < i + (1UL << order); j++)
		page_put(f, j, draw(f, 8) ? 0 : bit(f->c->k->swapbacked), 0, -1, 0);
	f->n[FREE] += 1UL << order;
	return i + (1UL << order);
}

/* Of the kernel, one frame: a page table, or one that has nothing to say for itself. */
static uint64_t kernel_put(struct filler *f, uint64_t i)
{
	page_put(f, i, 0, 0, draw(f, 2) ? type_of(f, "table") : (uint32_t)-1, 1);
	f->n[KEPT]++;
	return i + 1;
}

/* ---- pageblocks --------------------------------------------------------------- */

/* The largest order, at most max, that frame i of the piece may start in its block. */
static int order_at(struct filler *f, uint64_t i, int max)
{
	int order = draw(f, max + 1);

	while (i % (1UL << order) || i % BLOCK + (1UL << order) > BLOCK)
		order--;
	return order;
}

/* Small things side by side, as where the machine has run for long. */
static void mix_put(struct filler *f, uint64_t i)
{
	uint64_t end = i + BLOCK;

	while (i < end) {
		uint64_t what = draw(f, 100), run = 1 + draw(f, 12);

		for (; run && i < end; run--) {
			if (what < 25)
				i = free_put(f, i, order_at(f, i, 4));
			else if (what < 50)
				i = folio_put(f, i, 0, USER);
			else if (what < 80)
				i = folio_put(f, i, order_at(f, i, 3), CACHE);
			else if (what < 92)
				i = folio_put(f, i, order_at(f, i, 3), KEPT);
			else
				i = kernel_put(f, i);
		}
	}
}

/* Nearly all of one kind, one frame each, now and then something else. */
static void singles_put(struct filler *f, uint64_t i, enum class class)
{
	for (uint64_t end = i + BLOCK; i < end; ) {
		if (!draw(f, 100))
			i = draw(f, 4) ? free_put(f, i, 0) : kernel_put(f, i);
		else
			i = folio_put(f, i, 0, class);
	}
}

/* Page cache in folios of all sizes, some of one size in a row, as reading ahead leaves it. */
static void folios_put(struct filler *f, uint64_t i)
{
	for (uint64_t end = i + BLOCK; i < end; ) {
		enum class class = draw(f, 9) ? CACHE : CACHE_PRIVATE;
		int order = order_at(f, i, 6);

		for (uint64_t run = 1 + draw(f, 8); run; run--)
			if (i + (1UL << order) <= end)
				i = folio_put(f, i, order, class);
	}
}

static void block_put(struct filler *f, uint64_t i)
{
	uint64_t end = i + BLOCK, what = draw(f, 1000);

	if (what < 180)
		free_put(f, i, 9);
	else if (what < 500)
		folio_put(f, i, 9, USER);
	else if (what < 620)
		folio_put(f, i, 9, CACHE);
	else if (what < 750)
		folios_put(f, i);
	else if (what < 890)
		singles_put(f, i, USER);
	else if (what < 955)
		singles_put(f, i, CACHE);
	else if (what < 985)
		mix_put(f, i);
	else if (what < 993)
		while (i < end)
			i = folio_put(f, i, order_at(f, i, 3), KEPT);
	else
		while (i < end)
			i = kernel_put(f, i);
}

/* ---- the machine -------------------------------------------------------------- */

void scale_loads(struct core *c, uint64_t end, uint64_t n_pieces, uint64_t n_listed)
{
	if (!c->k->mask_heads || !n_pieces || end <= HIGH || end % STRETCH)
		die("scale = END PIECES [LISTED]: layout 7.2, END in whole GiB above 4");
	if (n_listed > end - HIGH >> c->section_bits)
		die("scale: not so many sections as to be listed");
	c->n_pieces = n_pieces;
	c->n_listed = n_listed;
	c->direct_leaf = STRETCH;
	load_add(c, 0, 0x1000, 0x9ec00);
	load_add(c, 0, 0x100000, c->arena + (n_pieces + n_listed + 6) * PIECE);
	for (uint64_t at = HIGH; at < end; at += STRETCH)
		load_add(c, 0, at, STRETCH)->again = at > HIGH;
}

static uint64_t n_high_sections(const struct core *c)
{
	return c->n_sections - (HIGH >> c->section_bits);
}

/* Which of the listed sections this one is, nth above HIGH; n_listed: none. */
static uint64_t listed_nr(const struct core *c, uint64_t nth)
{
	uint64_t step = c->n_listed ? n_high_sections(c) / c->n_listed : 0;

	if (!step || nth % step || nth / step >= c->n_listed)
		return c->n_listed;
	return nth / step;
}

/* Where the struct pages of section n are, if it is one of those with a pattern. */
uint64_t scale_piece(const struct core *c, uint64_t n)
{
	uint64_t first = HIGH >> c->section_bits, nr;

	if (!c->n_pieces || n < first)
		return 0;
	nr = listed_nr(c, n - first);
	if (nr < c->n_listed)
		return c->pieces + (c->n_pieces + nr) * PIECE;
	return c->pieces + (n - first) % c->n_pieces * PIECE;
}

/* How many sections above HIGH have pattern nr. */
static uint64_t n_of_pattern(const struct core *c, uint64_t nr)
{
	uint64_t n = 0;

	for (uint64_t i = nr; i < n_high_sections(c); i += c->n_pieces)
		n += listed_nr(c, i) == c->n_listed;
	return n;
}

void scale_patterns(struct core *c)
{
	static const char *const names[] = { "free", "cache", "cache_private", "user", "kept" };
	uint64_t n_sections = n_high_sections(c);
	uint64_t total[N_CLASSES] = { 0 };
	struct filler f = { .c = c, .random = 88172645463325252UL };

	for (uint64_t n = 0; n < c->n_pieces; n++) {
		memset(f.n, 0, sizeof(f.n));
		f.pages = mem_at(c, c->pieces + n * PIECE, PIECE);
		for (uint64_t i = 0; i < SECTION_PFNS; i += BLOCK)
			block_put(&f, i);
		for (int i = 0; i < N_CLASSES; i++)
			total[i] += f.n[i] * n_of_pattern(c, n);
	}
	for (uint64_t at = 0; at < STRETCH / 32; at += 8)
		put(mem_at(c, HIGH + at, 8), at % 64 ? draw(&f, 1000) : at + 1, 8);
	for (size_t i = 0; i < c->n_loads; i++) {
		const struct load *l = &c->loads[i];

		if (!l->mirror && l->paddr < HIGH)
			total[KEPT] += (l->paddr % PAGE + l->filesz + PAGE - 1) / PAGE;
	}
	for (int i = 0; i < N_CLASSES; i++)
		printf("%s %lu\n", names[i], total[i]);
	printf("sections %lu\npieces_off %lu\n", n_sections,
	       (uint64_t)((uint8_t *)mem_at(c, c->pieces, PIECE) - c->map));
}

/* ---- pages on lists ----------------------------------------------------------- */

static uint64_t listed_pfn(const struct core *c, uint64_t nth)
{
	uint64_t step = n_high_sections(c) / c->n_listed;

	return HIGH / PAGE + nth / SECTION_PFNS * step * SECTION_PFNS + nth % SECTION_PFNS;
}

static uint32_t *shuffled(uint64_t n)
{
	struct filler f = { .random = 88172645463325252UL };
	uint32_t *order = malloc(n * sizeof(*order));

	if (!order)
		die("no memory for %lu pages on lists", n);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t j = draw(&f, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

/* All of them on the first list of a CPU, in the first node's second zone. */
static void list_fill(struct core *c, int cpu, const uint32_t *order, uint64_t n)
{
	uint64_t pcp, head, last;
	char name[32];

	snprintf(name, sizeof(name), "pcp:%d:0:1", cpu);
	if (!label_find(c, name, &pcp))
		die("no %s: say types = 1", name);
	head = last = direct_vaddr(c, pcp + PCP_LISTS);
	put(mem_at(c, pcp + PCP_COUNT, 4), n, 4);
	for (uint64_t i = 0; i < n; i++) {
		uint8_t *page = mem_at(c, page_paddr(c, listed_pfn(c, order[i])), STRIDE);
		uint64_t next = i + 1 < n ? page_vaddr(c, listed_pfn(c, order[i + 1])) + LRU
					  : head;

		put(page + FLAGS, FLAGS_UPPER, 8);
		put(page + MAPCOUNT, 0xffffffff, 4);
		put(page + LRU, next, 8);
		put(page + LRU + 8, last, 8);
		last = page_vaddr(c, listed_pfn(c, order[i])) + LRU;
	}
	put(mem_at(c, pcp + PCP_LISTS, 8), page_vaddr(c, listed_pfn(c, order[0])) + LRU, 8);
	put(mem_at(c, pcp + PCP_LISTS + 8, 8), last, 8);
}

void scale_lists(struct core *c)
{
	uint64_t n = c->n_listed * SECTION_PFNS, share = n / c->cpus;
	uint32_t *order = shuffled(n);

	for (int cpu = 0; cpu < c->cpus; cpu++)
		list_fill(c, cpu, order + cpu * share,
			  cpu < c->cpus - 1 ? share : n - cpu * share);
	free(order);
	printf("free_percpu %lu\n", n);
}
