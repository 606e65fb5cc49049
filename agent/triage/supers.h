/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All file systems that are in use, mounted or not. */
#ifndef TRIAGE_SUPERS_H
#define TRIAGE_SUPERS_H

#include "field.h"
#include "vmcore/bounds.h"

struct super_facts {
	int64_t head;			/* address of a list_head */
	struct field list;		/* super_block.s_list */
};

extern const struct wish_set super_wishes;

/* Of each super block; false ends it. */
typedef bool super_fn(void *ctx, vaddr_t super_block);

/* Where their list is, and until when it is walked. */
struct supers {
	struct space *space;
	const struct super_facts *facts;
	const struct bounds *bounds;
};

/* Ends where the list is damaged. */
void supers_each(const struct supers *s, super_fn *fn, void *ctx);

#endif
