/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AArch64: pages of 4, 16 or 64 KiB, addresses of 36 to 52 bits, physical ones of 48 or
 * 52. The image lies at a fixed distance (kimage_voffset) from its address; all else is
 * found in the kernel's page table, which is not a process's. How many levels that has is
 * what the CPU was told at boot, except with 64 KiB pages, where a kernel made for 52 bits
 * keeps that layout on any CPU (Linux arch/arm64/include/asm/pgtable-hwdef.h, mmu.c).
 */
#include <elf.h>
#include <errno.h>

#include "arch.h"
#include "base/err.h"
#include "vmcoreinfo.h"

#define VALID 1ULL
#define TYPE_MASK 3ULL
#define TYPE_TABLE 3ULL		/* at the last level: a page */
#define NOT_GLOBAL (1ULL << 11)
#define PXN (1ULL << 53)	/* the kernel must not run it */

static bool page_shift_of(const struct kinfo *k, unsigned *shift)
{
	if (k->page_size != 1 << 12 && k->page_size != 1 << 14 && k->page_size != 1 << 16)
		return false;
	*shift = __builtin_ctzll(k->page_size);
	return true;
}

static int64_t va_bits_of(const struct kinfo *k, unsigned page_shift)
{
	if (page_shift == 16 || !has(k->tcr_t1sz))
		return k->va_bits;
	return k->tcr_t1sz >= 0 && k->tcr_t1sz < 64 ? 64 - k->tcr_t1sz : -1;
}

static bool usable(const struct kinfo *k, struct err *e)
{
	unsigned shift;
	int64_t va_bits;

	if (!has(k->kimage_voffset))
		return fail(e, EINVAL, "VMCOREINFO has no NUMBER(kimage_voffset)");
	if (!has(k->swapper_pg_dir))
		return fail(e, EINVAL, "VMCOREINFO has no SYMBOL(swapper_pg_dir)");
	if (!page_shift_of(k, &shift))
		return fail(e, EINVAL, "VMCOREINFO: PAGESIZE=%lld is not possible on arm64",
			    (long long)k->page_size);
	va_bits = va_bits_of(k, shift);
	if (!has(va_bits))
		return fail(e, EINVAL, "VMCOREINFO has no NUMBER(VA_BITS)");
	if (va_bits < 36 || va_bits > 52)
		return fail(e, EINVAL, "VMCOREINFO: addresses of %lld bits are not possible",
			    (long long)va_bits);
	return true;
}

static paddr_t image(const struct kinfo *k, vaddr_t vaddr)
{
	return vaddr - (uint64_t)k->kimage_voffset;
}

/* Of a kernel made for 52 bits on a CPU with 48 it is "negative": readers know that. */
static uint64_t phys_base(const struct kinfo *k, vaddr_t text_vaddr, paddr_t text_paddr)
{
	(void)text_vaddr;
	(void)text_paddr;
	return has(k->phys_offset) ? (uint64_t)k->phys_offset : 0;
}

static void paging(const struct kinfo *k, struct paging *out)
{
	unsigned shift = 12, bits, index_bits, resolved;

	page_shift_of(k, &shift);
	bits = va_bits_of(k, shift);
	index_bits = shift - 3;
	resolved = bits - shift - 1;
	*out = (struct paging){
		.n_levels = resolved / index_bits + 1,
		.page_shift = shift,
		.index_bits = index_bits,
		.root_bits = resolved % index_bits + 1,
		.va_bits = bits,
		.root = image(k, k->swapper_pg_dir),
	};
}

/*
 * With 64 KiB pages bits 51:48 of the address stand in bits 15:12, which are zero where
 * they mean nothing. With smaller pages and 52-bit addresses (LPA2) bits 51:50 stand in
 * 9:8; without it these two are the shareability.
 */
static paddr_t entry_paddr(const struct paging *p, uint64_t raw)
{
	uint64_t low = -1ULL << p->page_shift;

	if (p->page_shift == 16)
		return (raw & low & (1ULL << 48) - 1) | (raw >> 12 & 0xf) << 48;
	if (p->va_bits == 52)
		return (raw & low & (1ULL << 50) - 1) | (raw >> 8 & 3) << 50;
	return raw & low & (1ULL << 48) - 1;
}

/* Pages of 64 GiB exist only with LPA2, of 4 TiB only with 52-bit physical addresses. */
static bool may_be_block(const struct paging *p, unsigned level)
{
	if (p->page_shift == 12)
		return level <= 3 || (level == 4 && p->va_bits == 52);
	if (p->page_shift == 14)
		return level == 2 || (level == 3 && p->va_bits == 52);
	return level <= 3;
}

/*
 * A user page that must fault has bit 0 clear, all the rest stays. Which bit says so has
 * moved (58 and 59 up to 6.9, then 11), but every user page is not global and barred to
 * the kernel, and a swap entry never shows both: up to 6.9 its offset would have to reach
 * 2^45 pages, from 6.10 on bit 11 is zero in it.
 */
static enum entry_kind hidden_or_none(const struct paging *p, unsigned level, uint64_t raw)
{
	if (!(raw & NOT_GLOBAL) || !(raw & PXN))
		return ENTRY_NONE;
	return level == 1 || may_be_block(p, level) ? ENTRY_HIDDEN : ENTRY_NONE;
}

static enum entry_kind entry(const struct paging *p, unsigned level, uint64_t raw,
			     paddr_t *paddr)
{
	*paddr = entry_paddr(p, raw);
	if (!(raw & VALID))
		return hidden_or_none(p, level, raw);
	if ((raw & TYPE_MASK) == TYPE_TABLE)
		return level == 1 ? ENTRY_LEAF : ENTRY_TABLE;
	return level > 1 && may_be_block(p, level) ? ENTRY_LEAF : ENTRY_NONE;
}

/* Linux arch/arm64/include/uapi/asm/ptrace.h: struct user_pt_regs. */
static const char *const regs[] = {
	"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
	"x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24",
	"x25", "x26", "x27", "x28", "x29", "x30", "sp", "pc", "pstate",
};

static bool module_area(const struct kinfo *k, struct vrange *out)
{
	if (!has(k->modules_start) || !has(k->modules_end))
		return false;
	*out = (struct vrange){ k->modules_start, k->modules_end };
	return true;
}

const struct arch arch_arm64 = {
	.e_machine = EM_AARCH64,
	.uts_machine = "aarch64",
	.section_size_bits = 30,	/* before 5.12; the key came with 5.13 */
	.regs = regs,
	.n_regs = sizeof(regs) / sizeof(regs[0]),
	.reg_sp = 31,
	.reg_pc = 32,
	.oops_pc = "pc",
	.n_pt_regs = 34,
	.general_regs = (1ULL << 31) - 1,	/* up to x30 */
	.reg_arg = 0,
	.reg_flags = 33,
	.irq_bit = 1u << 7,
	.irq_bit_masks = true,
	.module_area = module_area,
	.usable = usable,
	.image = image,
	.phys_base = phys_base,
	.paging = paging,
	.entry = entry,
};
