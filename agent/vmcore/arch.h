/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between CPUs, as a table: how many levels a page table has, what an
 * entry of it says, where the kernel image lies. Walking is pagetable.c's matter;
 * everything above asks space.c.
 */
#ifndef VMCORE_ARCH_H
#define VMCORE_ARCH_H

#include "physmem.h"

struct kinfo;

/* One translation: [vaddr, vaddr + len) lies at paddr. */
struct leaf {
	vaddr_t vaddr;
	paddr_t paddr;
	uint64_t len;
};

/* The shape of this machine's page tables. Level 1 is the last, n_levels the root. */
struct paging {
	unsigned n_levels;	/* 1..5 */
	unsigned page_shift;	/* of the smallest page */
	unsigned index_bits;	/* that one table resolves */
	unsigned root_bits;	/* that the root resolves, index_bits or fewer */
	unsigned va_bits;	/* of the address, sign included if the root is shared */
	bool shared_root;	/* the root's lower half is user space, the upper kernel */
	uint64_t c_bit;		/* stands in each entry, and is no part of an address */
	bool user;		/* the addresses of a process, not of the kernel */
	paddr_t root;		/* of the kernel's own table, if not user */
};

enum entry_kind {
	ENTRY_NONE,		/* nothing, or a page that is in swap or on its way */
	ENTRY_TABLE,
	ENTRY_LEAF,
	ENTRY_HIDDEN,		/* a page that is there, but must fault when touched */
};

struct arch {
	uint16_t e_machine;
	const char *uts_machine;	/* utsname.machine, which readers look at */
	int section_size_bits;		/* where the kernel does not say, before 5.13 */
	const char *const *regs;	/* names, as they follow in an NT_PRSTATUS note */
	unsigned n_regs, reg_sp, reg_pc;
	const char *oops_pc;	/* what oopses of this CPU call reg_pc, and people look for */
	unsigned n_pt_regs;		/* of these, in struct pt_regs too, from its start */
	uint64_t general_regs;		/* bit i: regs[i] holds what code puts there */
	unsigned reg_arg, reg_flags;	/* a function's first argument; the state of the CPU */
	uint64_t irq_bit;		/* in that, of interrupts: set when they are on, */
	bool irq_bit_masks;		/* or when they are off */

	/* Are all keys there that the next ones use, and possible? */
	bool (*usable)(const struct kinfo *k, struct err *e);

	/* Address inside the kernel image; plain arithmetic. */
	paddr_t (*image)(const struct kinfo *k, vaddr_t vaddr);

	/* phys_base of the dump's sub-header; text_* as the PT_LOAD says, for want of k. */
	uint64_t (*phys_base)(const struct kinfo *k, vaddr_t text_vaddr, paddr_t text_paddr);

	void (*paging)(const struct kinfo *k, struct paging *out);

	/* Where modules may lie; false: the kernel does not tell. */
	bool (*module_area)(const struct kinfo *k, struct vrange *out);

	/* *paddr is where the table or page lies; unaligned bits of it do not count. */
	enum entry_kind (*entry)(const struct paging *p, unsigned level, uint64_t raw,
				 paddr_t *paddr);
};

/* Were interrupts off there, of registers as in a note? */
static inline bool arch_irqs_off(const struct arch *arch, const uint64_t *regs)
{
	return arch->irq_bit && !(regs[arch->reg_flags] & arch->irq_bit) != arch->irq_bit_masks;
}

/* NULL when we know nothing of this machine. */
const struct arch *arch_of(uint16_t e_machine);
const struct arch *arch_named(const char *uts_machine);

extern const struct arch arch_x86_64;
extern const struct arch arch_arm64;

#endif
