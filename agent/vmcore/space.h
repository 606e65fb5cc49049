/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel's address space, or that of one of its processes: reading by virtual
 * address. Only page tables are followed here; what is read is other files' matter.
 */
#ifndef VMCORE_SPACE_H
#define VMCORE_SPACE_H

#include "pagetable.h"
#include "physmem.h"

struct arena;
struct kinfo;

struct space {
	struct physmem *pm;
	const struct kinfo *k;
	const struct arch *arch;
	struct paging paging;
	struct leaf last;	/* one leaf serves 2 MiB of struct pages, so keep it */
	struct leaf *seen;	/* more of them, SPACE_SEEN slots; NULL: none */
};

static inline struct page_tables space_tables(const struct space *s)
{
	return (struct page_tables){ s->pm, s->arch, &s->paging };
}

/* Slots for leaves, one for each 2 MiB in turn: the struct pages of 2 TiB. */
#define SPACE_SEEN 16384u

/*
 * Remembers leaves from now on, for who jumps about in the memory map: each costs a walk
 * over four tables otherwise. The slots come from the arena, those in use cost memory.
 */
bool space_remember(struct space *s, struct arena *arena, struct err *e);

/* No longer, for the arena takes the slots back. */
void space_forget(struct space *s);

/* EINVAL: no such architecture, or keys for its page walk are missing. */
bool space_init(struct space *s, struct physmem *pm, const struct kinfo *k,
		uint16_t e_machine, struct err *e);

/*
 * The memory of a process, as its page table at kernel address pgd (mm->pgd) maps it. What
 * is not in memory, in swap or never touched, is EFAULT when it is read.
 */
bool space_of_process(struct space *s, struct space *kernel, vaddr_t pgd, struct err *e);

/* Physical address of vaddr; *run_ret (optional) is how many bytes follow it unbroken. */
bool space_translate(struct space *s, vaddr_t vaddr, paddr_t *paddr_ret, uint64_t *run_ret,
		     struct err *e);

bool space_read(struct space *s, vaddr_t vaddr, void *buf, size_t len, struct err *e);
bool space_read_u32(struct space *s, vaddr_t vaddr, uint32_t *ret, struct err *e);
bool space_read_u64(struct space *s, vaddr_t vaddr, uint64_t *ret, struct err *e);

/*
 * A string: what comes before its NUL, cut to size - 1 bytes, which may be any. Nothing
 * behind its NUL is read. "" if it fails.
 */
bool space_read_string(struct space *s, vaddr_t vaddr, char *to, size_t size,
		       struct err *e);

/* The same for symbols of the kernel image, which need no page table. */
bool space_read_image(struct space *s, vaddr_t vaddr, void *buf, size_t len,
		      struct err *e);

#endif
