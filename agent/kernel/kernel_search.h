/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a kernel in memory that nothing is told of: a dump by QEMU, or a copy of a machine's
 * RAM. A kernel keeps the text of its VMCOREINFO in a page of its own.
 */
#ifndef KERNEL_KERNEL_SEARCH_H
#define KERNEL_KERNEL_SEARCH_H

#include "kernel.h"
#include "vmcore/elfcore.h"

#define VMCOREINFO_PAGE 4096u

struct vmcoreinfo_text {
	char text[VMCOREINFO_PAGE];
	size_t len;			/* 0: none was right */
};

/*
 * Tries all pages of the core's ranges, for at most `seconds`, and opens kn of the text that
 * is right for this memory; of two such, of one that tells when it crashed, since a capture
 * kernel at work has a text too. False: there is none, and kn is as kernel_open() leaves it
 * without VMCOREINFO.
 */
bool kernel_search(struct kernel *kn, const struct kernel_source *from,
		   const struct elfcore *core, double seconds, struct vmcoreinfo_text *found);

#endif
