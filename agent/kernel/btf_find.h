/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where members of the kernel's structures lie, and what its enumerators are. */
#ifndef KERNEL_BTF_FIND_H
#define KERNEL_BTF_FIND_H

#include "btf.h"

#define BTF_PATH_MAX 8		/* members of a path */

/* A member, a type or an enumerator. */
struct btf_field {
	uint32_t off;		/* bytes from the start of the outermost structure */
	uint32_t size;		/* of it, or of one element if it is an array */
	uint32_t n;		/* elements, 1 if it is no array */
	uint8_t bit, width;	/* of a bit field: its first bit in the byte at off */
	int64_t value;		/* of an enumerator */
	uint32_t id;		/* of its type; of an enumerator: of the enum */
};

/*
 * What a path may be:
 *	"zone"				a struct, union, enum or a typedef of one: its size
 *	"zone.pageset"			a member, also of an unnamed struct or union inside
 *	"timekeeper.tkr_mono.base"	a member of a member, of an array's first element
 *	"migratetype.MIGRATE_PCPTYPES"	an enumerator
 *	".TRACE_EVENT_FL_TRACEPOINT"	an enumerator of an unnamed enum
 *	"vfs_read()"			a function: its id
 */
struct btf_want {
	const char *path;	/* NULL ends the list */
	bool found;
	struct btf_field field;

	/* btf_find()'s own */
	struct btf_want *next;
	size_t key_len;
};

/*
 * Looks all of them up in one pass over all types, of which each costs one look however
 * many are wanted; of a module's, in its own types. What is not there is left not found.
 */
void btf_find(struct btf *b, struct btf_want *wants);

/* The members of a struct or union, the enumerators of an enum, one after the other. */
struct btf_member {
	char name[BTF_NAME_LEN];	/* printable; "" of an unnamed one */
	struct btf_field field;
};

/* Member i of type id, from 0. False: there is none. */
bool btf_member(struct btf *b, uint32_t id, uint32_t i, struct btf_member *m);

#endif
