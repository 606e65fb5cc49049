/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels before 6.0 carry a symbol table too, but VMCOREINFO does not say where. Its
 * parts stand one behind the other in the image and describe each other so closely that
 * they can be found by what they are.
 */
#ifndef KERNEL_SYMSEARCH_H
#define KERNEL_SYMSEARCH_H

#include "vmcore/physmem.h"

struct kinfo;
struct space;

/*
 * Sets k's kallsyms_* fields; needs k->stext. ENOENT: nothing in the image looks like
 * the table.
 */
bool symsearch(struct space *space, struct kinfo *k, struct err *e);

#endif
