/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table, which it carries for its own oops texts (Linux
 * kernel/kallsyms.c, scripts/kallsyms.c): names to addresses and addresses to names.
 * Modules have tables of their own, which are not looked at.
 */
#ifndef KERNEL_KALLSYMS_H
#define KERNEL_KALLSYMS_H

#include "symbol_names.h"

#define KALLSYMS_MARKS 1024u
#define KALLSYM_NAME_LEN 128u

/* Opened once, good as long as its space. */
struct kallsyms {
	struct symbol_table table;
	struct symbol_names names;

	/* What the first pass over all names finds. */
	enum { UNSCANNED, SENSELESS, SCANNED } state;
	unsigned encoding;		/* of addresses */
	vaddr_t base;
	struct vrange image, text, init_text;	/* image: what addresses have names in */
	uint32_t stride;		/* names between two marks, 256 in all real kernels */
	uint32_t n_marks;
	uint32_t mark[KALLSYMS_MARKS];	/* place of name i * stride */
};

/*
 * Finds the table's parts, by VMCOREINFO (since 6.0) or by symsearch(), and no names yet.
 * ENOENT: there is none.
 */
bool kallsyms_open(struct kallsyms *ks, struct space *space, struct err *e);

struct symbol_want {
	const char *name;	/* NULL ends the list */
	vaddr_t vaddr;		/* of the first symbol of that name, 0: there is none */

	/* kallsyms_find()'s own */
	uint32_t number;
	uint32_t len;
	struct symbol_want *next;
};

/*
 * Looks all of them up in one pass. False when the table makes no sense; a missing name
 * is no error. The value of a per-CPU symbol is what __per_cpu_offset[cpu] is added to.
 */
bool kallsyms_find(struct kallsyms *ks, struct symbol_want *wants, struct err *e);

/* A single one, later: a pass for it alone. False: there is none. */
bool kallsyms_named(struct kallsyms *ks, const char *name, vaddr_t *vaddr_ret);

struct kallsym {
	char name[KALLSYM_NAME_LEN];	/* printable; cut if it is longer */
	char type;			/* as nm has it: 't' local text, 'D' global data */
	vaddr_t vaddr;
	uint64_t off;			/* from there to what was asked for */
	uint64_t size;			/* to the next symbol that lies elsewhere */
};

/*
 * The symbol that vaddr lies in. Of several at one address always the same: a global one
 * first, then the shortest, then by alphabet. False outside of the image.
 */
bool kallsyms_at(struct kallsyms *ks, vaddr_t vaddr, struct kallsym *sym);

/* Is it an address of the image's code, that of its start included? */
bool kallsyms_is_text(struct kallsyms *ks, vaddr_t vaddr);

#endif
