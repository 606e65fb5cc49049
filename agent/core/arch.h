/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between CPUs, as a table: how a kernel address becomes a physical
 * one. Everything above asks space.c.
 */
#ifndef CORE_ARCH_H
#define CORE_ARCH_H

#include "physmem.h"

struct kinfo;

/* One translation: [vaddr, vaddr + len) lies at paddr. */
struct leaf {
	vaddr_t vaddr;
	paddr_t paddr;
	uint64_t len;
};

/* Called for every page of the page table itself; false ends the walk. */
typedef bool table_fn(void *ctx, paddr_t table);

struct arch {
	uint16_t e_machine;
	const char *uts_machine;	/* utsname.machine, which readers look at */
	int section_size_bits;		/* where the kernel does not say, before 5.13 */
	size_t note_sp_off;		/* of the stack pointer in an NT_PRSTATUS note */

	/* Are all keys there that the next ones use? */
	bool (*usable)(const struct kinfo *k, struct err *e);

	/* Address inside the kernel image; plain arithmetic. */
	paddr_t (*image)(const struct kinfo *k, vaddr_t vaddr);

	/* phys_base of the dump's sub-header; text_* as the PT_LOAD says, for want of k. */
	uint64_t (*phys_base)(const struct kinfo *k, vaddr_t text_vaddr, paddr_t text_paddr);

	/* Walks the kernel's page table. EFAULT: nothing is mapped there. */
	bool (*walk)(struct physmem *pm, const struct kinfo *k, vaddr_t vaddr,
		     struct leaf *out, struct err *e);

	/* Calls fn for each page of the table; unreadable parts are passed over. */
	void (*each_table)(struct physmem *pm, const struct kinfo *k, table_fn *fn,
			   void *ctx);
};

/* NULL when we know nothing of this machine. */
const struct arch *arch_of(uint16_t e_machine);
const struct arch *arch_named(const char *uts_machine);

extern const struct arch arch_x86_64;

#endif
