/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel as one value: its names, address space and memory map, and how
 * much of what it says of itself is to be believed.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "memmap.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"
#include "wishes.h"

#define UTS_LEN 65

/* Order of the words in struct new_utsname. */
enum uts { SYSNAME, NODENAME, RELEASE, VERSION, MACHINE, DOMAINNAME, N_UTS };

struct kernel {
	struct kinfo k;
	struct space space;
	struct memmap map;
	struct tables tables;		/* its symbols and types, not opened yet */
	char uts[N_UTS][UTS_LEN];	/* printable; filled with defaults where unknown */
	unsigned page_shift;
	uint64_t phys_base;
	bool has_space;		/* virtual addresses can be tried */
	bool trusted;		/* checked against memory: the filter may work with it */
	char doubt[200];	/* why not trusted */
};

/* What a kernel is read from: its memory, and what a core's header says of it. */
struct kernel_source {
	struct physmem *pm;
	uint16_t e_machine;
	const char *vmcoreinfo;		/* NULL: there is none that is believed */
	size_t vmcoreinfo_len;
	vaddr_t text_vaddr;		/* where its image lies; 0, 0: not told */
	paddr_t text_paddr;
};

/*
 * Reads what there is and checks it against memory (that the page table leads to the
 * kernel image, that utsname says OSRELEASE, that the memory map has its tables). What
 * its struct pages say is text_pages_check()'s matter. Never fails: without a word of
 * truth in VMCOREINFO the result is an untrusted kernel of 4 KiB pages.
 */
void kernel_open(struct kernel *kn, const struct kernel_source *from);

/* Its pages are not to be filtered after all; what else it tells is still read. */
void kernel_distrust(struct kernel *kn, const char *doubt);

#endif
