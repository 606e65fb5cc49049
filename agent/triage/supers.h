/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All file systems that are in use, mounted or not. */
#ifndef TRIAGE_SUPERS_H
#define TRIAGE_SUPERS_H

#include "field.h"

struct super_facts {
	int64_t head;			/* address of a list_head */
	struct field list;		/* super_block.s_list */
};

extern const struct wish_set super_wishes;

/* Of each super block; false ends it. */
typedef bool super_fn(void *ctx, vaddr_t super_block);

/* Ends where the list is damaged. */
void supers_each(struct space *s, const struct super_facts *f, super_fn *fn, void *ctx);

#endif
