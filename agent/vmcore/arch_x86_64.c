/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86-64: the image lies at a fixed distance (phys_base) from its link address,
 * also under KASLR; everything else is found in the kernel's page table, with 4 or
 * 5 levels. With memory encryption the C-bit (sme_mask) stands in each entry.
 */
#include <elf.h>
#include <errno.h>

#include "arch.h"
#include "base/err.h"
#include "vmcoreinfo.h"

#define IMAGE_BASE 0xffffffff80000000ULL	/* __START_KERNEL_map */
#define MODULES_END 0xffffffffff000000ULL
#define ENTRY_PRESENT 1ULL
#define ENTRY_PSE (1ULL << 7)		/* a page, at the 1 GiB and 2 MiB levels */
#define ENTRY_PROTNONE (1ULL << 8)	/* where not present; else it means global */
#define ENTRY_PADDR 0x000ffffffffff000ULL

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

static void paging(const struct kinfo *k, struct paging *out)
{
	unsigned n_levels = k->l5_enabled == 1 ? 5 : 4;

	*out = (struct paging){
		.n_levels = n_levels,
		.page_shift = 12,
		.index_bits = 9,
		.root_bits = 9,
		.va_bits = 12 + 9 * n_levels,
		.shared_root = true,
		.c_bit = has(k->sme_mask) ? (uint64_t)k->sme_mask : 0,
		.root = image(k, has(k->init_top_pgt) ? k->init_top_pgt
						      : k->swapper_pg_dir),
	};
}

/*
 * An entry that is not present, but not empty either, has its frame inverted, so that
 * the CPU cannot speculate on it (Linux 6b28baca9b1f, v4.19). It is a page if its
 * protection says "none" or, above the last level, if it still calls itself huge: a huge
 * page looks so while it is being split. Swap entries leave both bits clear.
 */
static enum entry_kind entry(const struct paging *p, unsigned level, uint64_t raw,
			     paddr_t *paddr)
{
	bool huge = (level == 2 || level == 3) && raw & ENTRY_PSE;
	uint64_t mask = ENTRY_PADDR & ~p->c_bit;

	if (raw & ENTRY_PRESENT) {
		*paddr = raw & mask;
		return level == 1 || huge ? ENTRY_LEAF : ENTRY_TABLE;
	}
	if (!huge && (level > 1 || !(raw & ENTRY_PROTNONE)))
		return ENTRY_NONE;
	*paddr = ~raw & mask;
	return ENTRY_HIDDEN;
}

/* Linux arch/x86/include/asm/user_64.h: struct user_regs_struct. */
static const char *const regs[] = {
	"r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx",
	"rsi", "rdi", "orig_rax", "rip", "cs", "rflags", "rsp", "ss", "fs_base", "gs_base",
	"ds", "es", "fs", "gs",
};

/* Linux arch/x86/include/asm/pgtable_64_types.h: behind the image, up to the fixmap. */
static bool module_area(const struct kinfo *k, struct vrange *out)
{
	if (!has(k->kernel_image_size) || k->kernel_image_size < 0 ||
	    k->kernel_image_size >= (int64_t)(MODULES_END - IMAGE_BASE))
		return false;
	*out = (struct vrange){ IMAGE_BASE + k->kernel_image_size, MODULES_END };
	return true;
}

const struct arch arch_x86_64 = {
	.e_machine = EM_X86_64,
	.uts_machine = "x86_64",
	.section_size_bits = 27,
	.regs = regs,
	.n_regs = sizeof(regs) / sizeof(regs[0]),
	.reg_sp = 19,
	.reg_pc = 16,
	.oops_pc = "RIP",
	.n_pt_regs = 21,
	.general_regs = (1u << 15) - 1,		/* up to rdi */
	.reg_arg = 14,
	.reg_flags = 18,
	.irq_bit = 1u << 9,
	.module_area = module_area,
	.usable = usable,
	.image = image,
	.phys_base = phys_base,
	.paging = paging,
	.entry = entry,
};
