/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol names to addresses, from the table that the kernel carries for its own oops
 * texts (Linux kernel/kallsyms.c, scripts/kallsyms.c). VMCOREINFO says where it is since
 * 6.0; modules have tables of their own, which are not looked at.
 */
#ifndef KERNEL_KALLSYMS_H
#define KERNEL_KALLSYMS_H

#include "vmcore/physmem.h"

struct space;

struct symbol_want {
	const char *name;
	vaddr_t vaddr;		/* of the first symbol of that name, 0: there is none */
};

#define SYMBOL_WANTS_MAX 63	/* bits of a word, and _stext */

/*
 * Looks up n names (SYMBOL_WANTS_MAX at most) in one pass. False when there is no table
 * that makes sense; a missing name is no error. The value of a per-CPU symbol is what
 * __per_cpu_offset[cpu] is to be added to.
 */
bool kallsyms_find(struct space *space, struct symbol_want *wants, size_t n,
		   struct err *e);

#endif
