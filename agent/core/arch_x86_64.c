/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86-64: the image lies at a fixed distance (phys_base) from its link address,
 * also under KASLR; everything else is found in the kernel's page table, with 4 or
 * 5 levels. With memory encryption the C-bit (sme_mask) stands in each entry.
 */
#include <elf.h>
#include <errno.h>

#include "arch.h"
#include "base/bytes.h"
#include "base/err.h"
#include "vmcoreinfo.h"

#define IMAGE_BASE 0xffffffff80000000ULL	/* __START_KERNEL_map */
#define ENTRY_PRESENT 1ULL
#define ENTRY_LEAF (1ULL << 7)		/* PS, at the 1 GiB and 2 MiB levels */
#define ENTRY_PADDR 0x000ffffffffff000ULL
#define N_ENTRIES 512

static bool usable(const struct kinfo *k, struct err *e)
{
	if (!has(k->phys_base))
		return fail(e, EINVAL, "VMCOREINFO has no NUMBER(phys_base)");
	if (!has(k->init_top_pgt) && !has(k->swapper_pg_dir))
		return fail(e, EINVAL, "VMCOREINFO has no SYMBOL(init_top_pgt)");
	return true;
}

static paddr_t image(const struct kinfo *k, vaddr_t vaddr)
{
	return vaddr - IMAGE_BASE + (uint64_t)k->phys_base;
}

static uint64_t phys_base(const struct kinfo *k, vaddr_t text_vaddr, paddr_t text_paddr)
{
	return has(k->phys_base) ? (uint64_t)k->phys_base
				 : text_paddr - (text_vaddr - IMAGE_BASE);
}

static unsigned n_levels(const struct kinfo *k)
{
	return k->l5_enabled == 1 ? 5 : 4;
}

static paddr_t root_of(const struct kinfo *k)
{
	return image(k, has(k->init_top_pgt) ? k->init_top_pgt : k->swapper_pg_dir);
}

static paddr_t entry_paddr(const struct kinfo *k, uint64_t entry)
{
	uint64_t c_bit = has(k->sme_mask) ? (uint64_t)k->sme_mask : 0;

	return entry & ENTRY_PADDR & ~c_bit;
}

/* Address bits below the index of a level: 12 for the last, 39 for the top of four. */
static unsigned shift_of(unsigned level)
{
	return 12 + 9 * (level - 1);
}

static bool is_leaf(unsigned level, uint64_t entry)
{
	return level == 1 || (level <= 3 && entry & ENTRY_LEAF);
}

static bool walk(struct physmem *pm, const struct kinfo *k, vaddr_t vaddr,
		 struct leaf *out, struct err *e)
{
	paddr_t table = root_of(k);

	for (unsigned level = n_levels(k); ; level--) {
		uint64_t span = 1ULL << shift_of(level);
		uint8_t raw[8];
		uint64_t entry;

		if (!physmem_read(pm, table + vaddr / span % N_ENTRIES * 8, raw, 8, e))
			return within(e, "level %u page table for %#llx", level,
				      (unsigned long long)vaddr);
		entry = get_u64(raw);
		if (!(entry & ENTRY_PRESENT))
			return fail(e, EFAULT, "%#llx is not mapped (level %u)",
				    (unsigned long long)vaddr, level);
		if (is_leaf(level, entry)) {
			out->vaddr = vaddr & ~(span - 1);
			out->paddr = entry_paddr(k, entry) & ~(span - 1);
			out->len = span;
			return true;
		}
		table = entry_paddr(k, entry);
	}
}

struct visit {
	struct physmem *pm;
	const struct kinfo *k;
	table_fn *fn;
	void *ctx;
};

/* Depth is bounded by the level, width by the entries: a cycle cannot hold us. */
static bool visit_table(const struct visit *v, unsigned level, paddr_t table)
{
	uint8_t raw[N_ENTRIES * 8];
	struct err ignored;

	if (!v->fn(v->ctx, table))
		return false;
	if (level == 1 || !physmem_read(v->pm, table, raw, sizeof(raw), &ignored))
		return true;
	for (unsigned i = 0; i < N_ENTRIES; i++) {
		uint64_t entry = get_u64(raw + i * 8);

		/* The lower half of the root is user space, empty in the kernel's own. */
		if (level == n_levels(v->k) && i < N_ENTRIES / 2)
			continue;
		if (!(entry & ENTRY_PRESENT) || is_leaf(level, entry))
			continue;
		if (!visit_table(v, level - 1, entry_paddr(v->k, entry)))
			return false;
	}
	return true;
}

static void each_table(struct physmem *pm, const struct kinfo *k, table_fn *fn, void *ctx)
{
	struct visit v = { pm, k, fn, ctx };

	visit_table(&v, n_levels(k), root_of(k));
}

const struct arch arch_x86_64 = {
	.e_machine = EM_X86_64,
	.uts_machine = "x86_64",
	.section_size_bits = 27,
	.note_sp_off = 112 + 19 * 8,	/* pr_reg, of which sp is number 19 */
	.usable = usable,
	.image = image,
	.phys_base = phys_base,
	.walk = walk,
	.each_table = each_table,
};
