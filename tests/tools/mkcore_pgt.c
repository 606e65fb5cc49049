/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables of the crashed kernel. x86_64: 4 or 5 levels, leaves of 4 KiB, 2 MiB or
 * 1 GiB, every entry with the memory encryption bit when the fixture asks for one.
 * arm64: pages of 4, 16 or 64 KiB, as many levels as the address bits need, and the
 * three ways to write a physical address into an entry.
 * Levels are counted from the bottom: 1 holds pages, c->levels is the top.
 */
#include "mkcore.h"

#include <stdio.h>
#include <string.h>

#define X86_FLAGS 0x63UL	/* present, writable, accessed, dirty */
#define X86_LEAF 0x80UL
#define X86_NX (1UL << 63)
#define X86_ADDR 0x000ffffffffff000UL

/* Accessed, writable, one of a contiguous run, not to be executed. */
#define ARM_LEAF ((1UL << 10) | (1UL << 51) | (1UL << 52) | (3UL << 53))
#define ARM_SHARED (3UL << 8)	/* where these bits are not part of the address */

static int shift_of(const struct core *c, int level)
{
	return c->page_shift + (c->page_shift - 3) * (level - 1);
}

static uint64_t n_entries(const struct core *c, int level)
{
	return level < c->levels || !c->arm64 ? PAGE / 8 :
	       1UL << (c->va_bits - shift_of(c, level));
}

/* ---- one entry ---------------------------------------------------------------- */

static uint64_t arm_address(const struct core *c, uint64_t paddr)
{
	if (c->page_shift == 16)
		return (paddr & 0xffffffff0000UL) | (paddr >> 48 & 0xf) << 12;
	if (c->va_bits == 52)
		return (paddr & 0x3ffffffffffffUL) | (paddr >> 50 & 3) << 8;
	return paddr;
}

static uint64_t leaf_of(const struct core *c, uint64_t paddr, int level)
{
	uint64_t shared = c->page_shift == 16 || c->va_bits != 52 ? ARM_SHARED : 0;

	if (c->arm64)
		return arm_address(c, paddr) | ARM_LEAF | shared | (level == 1 ? 3 : 1);
	return paddr | X86_FLAGS | c->sme_mask | (level > 1 ? X86_LEAF : 0) | X86_NX;
}

static uint64_t pointer_to(const struct core *c, uint64_t table)
{
	return c->arm64 ? arm_address(c, table) | 3 : table | X86_FLAGS | c->sme_mask;
}

static bool is_leaf(const struct core *c, uint64_t entry, int level)
{
	if (c->arm64)
		return level > 1 && (entry & 3) == 1;
	return level > 1 && level <= 3 && entry & X86_LEAF;
}

static uint64_t address_in(const struct core *c, uint64_t entry)
{
	if (!c->arm64)
		return entry & X86_ADDR & ~c->sme_mask;
	if (c->page_shift == 16)
		return (entry & 0xffffffff0000UL) | (entry >> 12 & 0xf) << 48;
	if (c->va_bits == 52)
		return (entry & 0x3ffffffffffffUL & ~(PAGE - 1)) | (entry >> 8 & 3) << 50;
	return entry & 0xffffffffffffUL & ~(PAGE - 1);
}

/* ---- tables -------------------------------------------------------------------- */

static uint64_t table_alloc(struct core *c, uint64_t vaddr, int level)
{
	uint64_t table = arena_alloc(c, PAGE, PAGE);
	char name[48];

	memset(mem_at(c, table, PAGE), 0, PAGE);
	snprintf(name, sizeof(name), "pt%d:%#lx", level,
		 vaddr >> shift_of(c, level + 1) << shift_of(c, level + 1));
	label_add(c, name, table);
	return table;
}

void pgt_create(struct core *c)
{
	c->pgt = image_alloc(c, "init_top_pgt", PAGE, PAGE);
}

/* A large leaf becomes a table of smaller leaves with the same meaning. */
static void split(struct core *c, uint64_t *entry, uint64_t vaddr, int level)
{
	uint64_t old = address_in(c, *entry);
	uint64_t table = table_alloc(c, vaddr, level - 1);
	uint64_t *at = mem_at(c, table, PAGE);

	for (uint64_t i = 0; i < PAGE / 8; i++)
		at[i] = leaf_of(c, old + (i << shift_of(c, level - 1)), level - 1);
	*entry = pointer_to(c, table);
}

/* paddr of the entry of vaddr at a level, making or splitting tables on the way. */
uint64_t pgt_entry(struct core *c, uint64_t vaddr, int level, bool make)
{
	uint64_t table = c->pgt;

	for (int l = c->levels; ; l--) {
		uint64_t at = table + ((vaddr >> shift_of(c, l)) & (n_entries(c, l) - 1)) * 8;
		uint64_t *entry = mem_at(c, at, 8);

		if (l == level)
			return at;
		if (!(*entry & 1)) {
			if (!make)
				die("no page table for vaddr %#lx at level %d", vaddr, l);
			*entry = pointer_to(c, table_alloc(c, vaddr, l - 1));
		} else if (is_leaf(c, *entry, l)) {
			split(c, entry, vaddr, l);
		}
		table = address_in(c, *entry);
	}
}

/* leaf is the size of a page or block; one that the machine does not have is an error. */
void pgt_map(struct core *c, uint64_t vaddr, uint64_t paddr, uint64_t leaf)
{
	uint64_t *entry;
	int level = 1;

	while (level < 3 && 1UL << shift_of(c, level) != leaf)
		level++;
	if (1UL << shift_of(c, level) != leaf)
		die("no page table has leaves of %#lx bytes here", leaf);
	entry = mem_at(c, pgt_entry(c, vaddr, level, true), 8);
	*entry = leaf_of(c, paddr, level);
}

void pgt_unmap(struct core *c, uint64_t vaddr)
{
	*(uint64_t *)mem_at(c, pgt_entry(c, vaddr, 1, true), 8) = 0;
}

/* The largest leaf of at most 2 MiB. */
uint64_t pgt_small_leaf(const struct core *c)
{
	return shift_of(c, 2) <= 21 ? 1UL << 21 : PAGE;
}
