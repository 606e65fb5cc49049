/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel as one value: its names, address space and memory map, and how
 * much of what it says of itself is to be believed.
 */
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "memmap.h"
#include "space.h"
#include "vmcoreinfo.h"

#define UTS_LEN 65

/* Order of the words in struct new_utsname. */
enum uts { SYSNAME, NODENAME, RELEASE, VERSION, MACHINE, DOMAINNAME, N_UTS };

struct kernel {
	struct kinfo k;
	struct space space;
	struct memmap map;
	char uts[N_UTS][UTS_LEN];	/* printable; filled with defaults where unknown */
	unsigned page_shift;
	uint64_t phys_base;
	bool has_space;		/* virtual addresses can be tried */
	bool trusted;		/* checked against memory: the filter may work with it */
	char doubt[200];	/* why not trusted */
};

/*
 * Reads what there is and checks it against memory (that the page table leads to the
 * kernel image, that utsname says OSRELEASE, that a struct page can be read and that
 * the kernel's own text is not called free). Never fails: without a word of truth in
 * VMCOREINFO the result is an untrusted kernel of 4 KiB pages.
 */
void kernel_open(struct kernel *kn, struct physmem *pm, uint16_t e_machine,
		 const char *vmcoreinfo, size_t vmcoreinfo_len, vaddr_t text_vaddr,
		 paddr_t text_paddr);

struct filter;

/* What the filter can learn from the struct page of the kernel's own text. */
void kernel_teach(struct kernel *kn, struct filter *filter);

#endif
