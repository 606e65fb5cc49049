/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about the crashed kernel that VMCOREINFO does not tell: addresses of variables,
 * places of members, values. Each file that follows the kernel's structures has a list of
 * wishes and a struct of facts of its own; the lists of all of them are filled together,
 * in one pass over the kernel's symbols and one over its types (BTF).
 */
#ifndef KERNEL_WISHES_H
#define KERNEL_WISHES_H

#include "base/err.h"
#include "btf_find.h"
#include "kallsyms.h"
#include "vmcore/vmcoreinfo.h"

enum wish_kind {
	WISH_SYMBOL,	/* address of the symbol of that name; below, a path (btf_find.h) */
	WISH_OFF,	/* bytes from the start of the structure; not of bit fields */
	WISH_SIZE,	/* bytes of a type or member, or of one element if it is an array */
	WISH_COUNT,	/* elements of an array, 1 of what is none */
	WISH_BIT,	/* as WISH_OFF in bits, of all members */
	WISH_WIDTH,	/* and the number of bits */
	WISH_VALUE,	/* of an enumerator */
};

/* Several wishes for one fact: the first that is found does. */
struct wish {
	enum wish_kind kind;
	const char *name;
	size_t at;		/* of the fact in the struct */
};

/* What a file wishes to know. Its struct of facts has nothing but int64_t. */
struct wish_set {
	const struct wish *wishes;
	size_t n;
	size_t facts_len;
};

#define WISH_SET(wishes, facts) \
	{ (wishes), sizeof(wishes) / sizeof((wishes)[0]), sizeof(facts) }

/* Where the answers go; a set of NULL ends an array of these. */
struct wish_list {
	const struct wish_set *set;
	void *facts;
};

/* The two tables of a kernel, opened once, when they are first asked for. */
struct tables {
	struct space *space;
	enum table_state { TABLE_UNTRIED, TABLE_USELESS, TABLE_OPEN } symbols_are, types_are;
	struct kallsyms symbols;
	struct btf types;
	struct err no_symbols, no_types;	/* why they are useless */
};

/* space: NULL if there is none to read them in. */
void tables_init(struct tables *t, struct space *space);

/* NULL: there is none that makes sense, for the same reason whenever it is asked for. */
struct kallsyms *tables_symbols(struct tables *t, struct err *e);
struct btf *tables_types(struct tables *t, struct err *e);

/*
 * Fills the facts of all lists; what is not found is ABSENT. False when a table is missing
 * as a whole, which e says; what the other one tells is filled in all the same.
 */
bool wishes_fill(struct tables *t, const struct wish_list *lists, struct err *e);

/* The same of the wishes that are of types, out of a module's. */
void wishes_fill_types(struct btf *types, const struct wish_list *lists);

#endif
