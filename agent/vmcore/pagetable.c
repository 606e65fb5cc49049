/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking page tables. A table of any CPU we know is an array of 8-byte entries that
 * takes a page, or less at the root. Depth is bounded by the levels, width by the
 * entries, and their product, which a cycle would still make astronomical, by a count of
 * tables.
 */
#include "pagetable.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"

#define CHUNK 512		/* entries read at once, 4 KiB, to keep the stack small */

/* Address bits below the index of a level. */
static unsigned shift_of(const struct paging *p, unsigned level)
{
	return p->page_shift + p->index_bits * (level - 1);
}

static uint64_t n_entries(const struct paging *p, unsigned level)
{
	return 1ULL << (level == p->n_levels ? p->root_bits : p->index_bits);
}

/* Of a process all bits above are 0, of the kernel 1. */
static bool in_its_half(const struct paging *p, vaddr_t vaddr)
{
	unsigned same = p->shared_root ? p->va_bits - 1 : p->va_bits;

	return vaddr >> same == (p->user ? 0 : UINT64_MAX >> same);
}

bool pagetable_walk(const struct page_tables *t, vaddr_t vaddr, struct leaf *out,
		    struct err *e)
{
	const struct paging *p = t->paging;
	paddr_t table = p->root;

	if (!in_its_half(p, vaddr))
		return fail(e, EFAULT, "%#llx is no address of %s", (unsigned long long)vaddr,
			    p->user ? "a process" : "the kernel");
	for (unsigned level = p->n_levels; level; level--) {
		uint64_t span = 1ULL << shift_of(p, level);
		uint64_t index = vaddr / span & (n_entries(p, level) - 1);
		enum entry_kind kind;
		paddr_t paddr = 0;
		uint8_t raw[8];

		if (!physmem_read(t->pm, table + index * 8, raw, 8, e))
			return within(e, "level %u page table for %#llx", level,
				      (unsigned long long)vaddr);
		kind = t->arch->entry(p, level, get_u64(raw), &paddr);
		if (kind == ENTRY_LEAF || (kind == ENTRY_HIDDEN && p->user)) {
			*out = (struct leaf){ vaddr & ~(span - 1), paddr & ~(span - 1), span };
			return true;
		}
		if (kind != ENTRY_TABLE)
			return fail(e, EFAULT, "%#llx is not mapped (level %u)",
				    (unsigned long long)vaddr, level);
		table = paddr & ~((1ULL << p->page_shift) - 1);
	}
	return fail(e, EFAULT, "page table for %#llx has no end", (unsigned long long)vaddr);
}

/* One walk over a half of a table: with on_table, on_leaf or both. */
struct visit {
	const struct page_tables *t;
	const struct paging *p;	/* t's */
	table_fn *on_table;
	leaf_fn *on_leaf;
	void *ctx;
	uint64_t chunks_left;
};

static bool visit_table(struct visit *v, unsigned level, paddr_t table, vaddr_t vaddr,
			uint64_t first, uint64_t end);

static bool visit_entry(struct visit *v, unsigned level, uint64_t raw, vaddr_t vaddr)
{
	uint64_t span = 1ULL << shift_of(v->p, level);
	struct leaf leaf = { vaddr, 0, span };

	switch (v->t->arch->entry(v->p, level, raw, &leaf.paddr)) {
	case ENTRY_TABLE:
		if (level == 1)
			return true;
		return visit_table(v, level - 1,
				   leaf.paddr & ~((1ULL << v->p->page_shift) - 1), vaddr, 0,
				   n_entries(v->p, level - 1));
	case ENTRY_LEAF:
	case ENTRY_HIDDEN:
		leaf.paddr &= ~(span - 1);
		return !v->on_leaf || v->on_leaf(v->ctx, &leaf);
	default:
		return true;
	}
}

/* vaddr is that of entry 0; only entries [first, end) are looked at. */
static bool visit_table(struct visit *v, unsigned level, paddr_t table, vaddr_t vaddr,
			uint64_t first, uint64_t end)
{
	uint64_t n_chunks = (end - first + CHUNK - 1) / CHUNK;
	uint8_t raw[CHUNK * 8];
	struct err ignored;

	if (n_chunks > v->chunks_left)
		return false;
	v->chunks_left -= n_chunks;
	if (v->on_table && !v->on_table(v->ctx, table))
		return false;
	if (level == 1 && !v->on_leaf)
		return true;
	for (uint64_t at = first; at < end; at += CHUNK) {
		size_t n = min_u64(CHUNK, end - at);

		if (!physmem_read(v->t->pm, table + at * 8, raw, n * 8, &ignored))
			continue;
		for (size_t i = 0; i < n; i++) {
			uint64_t entry = get_u64(raw + i * 8);

			if (entry && !visit_entry(v, level, entry,
						  vaddr + (at + i << shift_of(v->p, level))))
				return false;
		}
	}
	return true;
}

void pagetable_each_table(const struct page_tables *t, table_fn *fn, void *ctx)
{
	struct visit v = { .t = t, .p = t->paging, .on_table = fn, .ctx = ctx,
			   .chunks_left = PAGETABLE_MAX_TABLES };
	const struct paging *p = t->paging;
	uint64_t n = n_entries(p, p->n_levels);

	visit_table(&v, p->n_levels, p->root, 0, p->shared_root ? n / 2 : 0, n);
}

bool pagetable_each_leaf(const struct page_tables *t, paddr_t root, uint64_t *left,
			 leaf_fn *fn, void *ctx)
{
	struct visit v = { .t = t, .p = t->paging, .on_leaf = fn, .ctx = ctx,
			   .chunks_left = *left };
	const struct paging *p = t->paging;
	uint64_t n = n_entries(p, p->n_levels);
	bool all = visit_table(&v, p->n_levels, root, 0, 0, p->shared_root ? n / 2 : n);

	*left = v.chunks_left;
	return all;
}
