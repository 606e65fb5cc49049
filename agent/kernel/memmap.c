/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where struct pages lie. SPARSEMEM (Linux mm/sparse.c, include/linux/mmzone.h).
 * VMCOREINFO's SYMBOL(mem_section) is the table itself, not the address of the variable.
 * An entry holds the section's memory map minus the section's first frame times the size
 * of struct page, with flags in the low bits; how many flags there are has grown three
 * times, but a memory map is page aligned, so all of the low 12 bits are flags to us.
 */
#include "memmap.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define FLAG_BITS 0xfffULL
#define HAS_MEM_MAP 2ULL
#define IS_ONLINE 4ULL		/* else its struct pages may never have been set up */

bool memmap_init(struct memmap *m, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;
	uint64_t per_page = k->page_size / k->size_mem_section;
	uint64_t n_roots = k->n_mem_section, n_max;

	*m = (struct memmap){
		.space = space,
		.page_shift = __builtin_ctzll(k->page_size),
		.size_page = k->size_page,
	};
	if (k->max_physmem_bits <= k->section_size_bits)
		return fail(e, EINVAL, "sections of %lld bits in %lld bits of memory",
			    (long long)k->section_size_bits, (long long)k->max_physmem_bits);
	n_max = 1ULL << (k->max_physmem_bits - k->section_size_bits);
	m->pages_per_section = 1ULL << (k->section_size_bits - m->page_shift);
	if (m->pages_per_section < MEMMAP_SECTION_MIN)
		return fail(e, EINVAL, "sections of only %llu frames",
			    (unsigned long long)m->pages_per_section);
	m->extreme = n_roots == (n_max + per_page - 1) / per_page;
	if (!m->extreme && n_roots != n_max)
		return fail(e, EINVAL, "%llu memory section roots, expected %llu or %llu",
			    (unsigned long long)n_roots,
			    (unsigned long long)((n_max + per_page - 1) / per_page),
			    (unsigned long long)n_max);
	m->per_root = m->extreme ? per_page : 1;
	m->n_sections = n_max;
	return true;
}

/* Address of the mem_section of section nr. */
static bool entry_vaddr(struct memmap *m, uint64_t nr, vaddr_t *ret, struct err *e)
{
	const struct kinfo *k = m->space->k;
	vaddr_t root;

	if (!m->extreme) {
		*ret = k->mem_section + nr * k->size_mem_section;
		return true;
	}
	if (!space_read_u64(m->space, k->mem_section + nr / m->per_root * 8, &root, e))
		return within(e, "root of section %llu", (unsigned long long)nr);
	if (!root)
		return fail(e, ENOENT, "section %llu does not exist", (unsigned long long)nr);
	*ret = root + nr % m->per_root * k->size_mem_section;
	return true;
}

bool memmap_base(struct memmap *m, pfn_t pfn, vaddr_t *base_ret, struct err *e)
{
	uint64_t nr = pfn / m->pages_per_section, value;
	vaddr_t entry;

	if (nr >= m->n_sections)
		return fail(e, ENOENT, "page frame %#llx is beyond the last section",
			    (unsigned long long)pfn);
	if (!entry_vaddr(m, nr, &entry, e))
		return false;
	if (!space_read_u64(m->space, entry + m->space->k->section_mem_map, &value, e))
		return within(e, "section %llu", (unsigned long long)nr);
	if (!(value & HAS_MEM_MAP) || !(value & IS_ONLINE))
		return fail(e, ENOENT, "section %llu has no memory map in use",
			    (unsigned long long)nr);
	*base_ret = value & ~FLAG_BITS;
	return true;
}

size_t memmap_read(struct memmap *m, vaddr_t base, pfn_t pfn, size_t n, void *buf)
{
	vaddr_t vaddr = base + pfn * m->size_page;
	size_t len = n * m->size_page, done = 0;
	struct err ignored;

	while (done < len) {
		paddr_t paddr;
		uint64_t run;

		if (!space_translate(m->space, vaddr + done, &paddr, &run, &ignored))
			break;
		run = min_u64(run, len - done);
		if (!physmem_read(m->space->pm, paddr, (uint8_t *)buf + done, run, &ignored)) {
			/* One bad page must not cost its neighbours: go on page by page. */
			run = min_u64(run, 4096 - paddr % 4096);
			if (!physmem_read(m->space->pm, paddr, (uint8_t *)buf + done, run,
					  &ignored))
				break;
		}
		done += run;
	}
	return done / m->size_page;
}

bool memmap_pick(struct memmap *m, vaddr_t base, pfn_t pfn, void *buf)
{
	struct err ignored;
	paddr_t paddr;
	uint64_t run;

	if (space_translate(m->space, base + pfn * m->size_page, &paddr, &run, &ignored) &&
	    run >= m->size_page)
		return physmem_pick(m->space->pm, paddr, buf, m->size_page, &ignored);
	return memmap_read(m, base, pfn, 1, buf) == 1;
}

bool memmap_look(struct memmap *m, vaddr_t base, pfn_t pfn, size_t n, look_fn *use,
		 void *ctx)
{
	size_t len = n * m->size_page;
	struct err ignored;
	paddr_t paddr;
	uint64_t run;

	return space_translate(m->space, base + pfn * m->size_page, &paddr, &run, &ignored) &&
	       run >= len && physmem_look(m->space->pm, paddr, len, use, ctx);
}

void memmap_each_table(struct memmap *m, void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len),
		       void *ctx)
{
	const struct kinfo *k = m->space->k;
	struct err ignored;

	if (!m->extreme) {
		fn(ctx, k->mem_section, m->n_sections * k->size_mem_section);
		return;
	}
	fn(ctx, k->mem_section, k->n_mem_section * 8);
	for (int64_t i = 0; i < k->n_mem_section; i++) {
		vaddr_t root;

		if (!space_read_u64(m->space, k->mem_section + i * 8, &root, &ignored))
			return;
		if (root)
			fn(ctx, root, k->page_size);
	}
}
