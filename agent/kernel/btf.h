/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the members of the kernel's structures lie: the BTF that the kernel carries for
 * its own use (Linux include/uapi/linux/btf.h). It stands in the image, so it is in every
 * core, and no debug package is needed.
 */
#ifndef KERNEL_BTF_H
#define KERNEL_BTF_H

#include "vmcore/physmem.h"
#include "vmcore/stream.h"

struct space;

#define BTF_MARKS 1024u
#define BTF_STRIDE 4096u	/* ids between two marks */

struct btf {
	struct stream types, strings;
	uint32_t n_types;		/* ids 1 .. n_types */
	uint32_t mark[BTF_MARKS];	/* offset of type 1 + i * BTF_STRIDE */
	uint32_t budget;		/* types and members that may still be looked at */
};

/* [start, stop) is the table, header and all. EINVAL when it is none. */
bool btf_open(struct btf *b, struct space *space, vaddr_t start, vaddr_t stop,
	      struct err *e);

/* A member, also one of an unnamed struct or union inside. */
struct btf_field {
	uint32_t off;		/* bytes from the start of the structure */
	uint32_t size;		/* of the member, or of one element if it is an array */
	uint32_t n;		/* elements, 1 if it is no array */
};

struct btf_want {
	const char *type;	/* "zone": a struct, or an enum */
	const char *member;	/* "node_zones", "MIGRATE_PCPTYPES"; NULL: the type's size */
	bool found;
	struct btf_field field;	/* of an enum's value: n */
};

#define BTF_WANTS_MAX 64

/*
 * Looks up n of them, in one pass over all types. What is not there, or is a bit field,
 * is left not found.
 */
void btf_find(struct btf *b, struct btf_want *wants, size_t n);

#endif
