/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86_64 page tables of the crashed kernel, 4 or 5 levels, leaves of 4 KiB, 2 MiB or
 * 1 GiB, every entry with the memory encryption bit when the fixture asks for one.
 * Levels are counted from the bottom: 1 holds 4 KiB entries, 4 or 5 is the top.
 */
#include "mkcore.h"

#include <stdio.h>
#include <string.h>

#define ENTRY_FLAGS 0x63UL	/* present, writable, accessed, dirty */
#define ENTRY_LEAF 0x80UL
#define ENTRY_NX (1UL << 63)
#define ENTRY_ADDR 0x000ffffffffff000UL

static int shift_of(int level)
{
	return 12 + 9 * (level - 1);
}

static uint64_t table_alloc(struct core *c, uint64_t vaddr, int level)
{
	uint64_t table = arena_alloc(c, PAGE, PAGE);
	char name[48];

	memset(mem_at(c, table, PAGE), 0, PAGE);
	snprintf(name, sizeof(name), "pt%d:%#lx", level,
		 vaddr >> shift_of(level + 1) << shift_of(level + 1));
	label_add(c, name, table);
	return table;
}

void pgt_create(struct core *c)
{
	c->pgt = image_alloc(c, "init_top_pgt", PAGE, PAGE);
}

/* A 2 MiB or 1 GiB leaf becomes a table of smaller leaves with the same meaning. */
static void split(struct core *c, uint64_t *entry, uint64_t vaddr, int level)
{
	uint64_t old = *entry & ENTRY_ADDR & ~c->sme_mask;
	uint64_t table = table_alloc(c, vaddr, level - 1);
	uint64_t *at = mem_at(c, table, PAGE);

	for (int i = 0; i < 512; i++)
		at[i] = (old + ((uint64_t)i << shift_of(level - 1))) | ENTRY_FLAGS |
			c->sme_mask | (level - 1 > 1 ? ENTRY_LEAF : 0) | ENTRY_NX;
	*entry = table | ENTRY_FLAGS | c->sme_mask;
}

/* paddr of the entry of vaddr at a level, making or splitting tables on the way. */
uint64_t pgt_entry(struct core *c, uint64_t vaddr, int level, bool make)
{
	uint64_t table = c->pgt;

	for (int l = c->levels; ; l--) {
		uint64_t at = table + ((vaddr >> shift_of(l)) & 511) * 8;
		uint64_t *entry = mem_at(c, at, 8);

		if (l == level)
			return at;
		if (!(*entry & 1)) {
			if (!make)
				die("no page table for vaddr %#lx at level %d", vaddr, l);
			*entry = table_alloc(c, vaddr, l - 1) | ENTRY_FLAGS | c->sme_mask;
		} else if (l <= 3 && (*entry & ENTRY_LEAF)) {
			split(c, entry, vaddr, l);
		}
		table = *entry & ENTRY_ADDR & ~c->sme_mask;
	}
}

void pgt_map(struct core *c, uint64_t vaddr, uint64_t paddr, uint64_t leaf)
{
	int level = leaf == 1UL << 30 ? 3 : leaf == 1UL << 21 ? 2 : 1;
	uint64_t *entry = mem_at(c, pgt_entry(c, vaddr, level, true), 8);

	*entry = paddr | ENTRY_FLAGS | c->sme_mask | (level > 1 ? ENTRY_LEAF : 0) |
		 ENTRY_NX;
}

void pgt_unmap(struct core *c, uint64_t vaddr)
{
	*(uint64_t *)mem_at(c, pgt_entry(c, vaddr, 1, true), 8) = 0;
}
