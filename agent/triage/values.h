/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a register's value or an address is, if that can be said for certain. */
#ifndef TRIAGE_VALUES_H
#define TRIAGE_VALUES_H

#include "paths.h"
#include "procs.h"
#include "slabs.h"
#include "sleeper.h"
#include "symbols.h"

#define VALUE_TEXT (SYMBOL_TEXT + 80)

struct values {
	struct space *space;
	struct symbols *symbols;
	struct slabs *slabs;
	const struct paths *paths;
	const struct procs *procs;
	const struct sleeper_facts *stack_facts;
	unsigned page_shift;
	vaddr_t *stacks;		/* of the first n of procs, where they begin */
	unsigned n;
};

/* Reads where stacks are; the rest is the caller's. */
bool values_open(struct values *v, struct arena *arena, struct err *e);

/*
 * "strnlen+0x9/0x50", "LIST_POISON1 + 0x8: a list entry ...", "stack of insmod (pid 4711)",
 * "slab kmalloc-192 + 0x30". False, and "": a number, a user's address, or not known.
 */
bool value_text(struct values *v, uint64_t value, char text[VALUE_TEXT]);

/* The same of an address that was touched: below a page it is NULL and so much. */
void address_text(struct values *v, uint64_t address, char text[VALUE_TEXT]);

#endif
