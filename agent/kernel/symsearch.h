/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels before 6.0 carry a symbol table too, but VMCOREINFO does not say where. Its
 * parts stand one behind the other in the image and describe each other so closely that
 * they can be found by what they are.
 */
#ifndef KERNEL_SYMSEARCH_H
#define KERNEL_SYMSEARCH_H

#include "vmcore/physmem.h"

struct space;

/* Where the parts of a kernel's symbol table lie (Linux scripts/kallsyms.c). */
struct symbol_table {
	vaddr_t names, num_syms, token_table, token_index, offsets;
	vaddr_t relative_base;	/* 0: there is none, since 7.0 */
	bool short_names;	/* of less than 256 tokens: one byte of length, before 6.1 */
};

/* Needs SYMBOL(_stext). ENOENT: nothing in the image looks like the table. */
bool symsearch(struct symbol_table *table, struct space *space, struct err *e);

#endif
