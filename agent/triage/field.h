/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A member of one of the crashed kernel's structures, and its value at an address. */
#ifndef TRIAGE_FIELD_H
#define TRIAGE_FIELD_H

#include "kernel/wishes.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

/* As BTF tells; off is ABSENT where this kernel has no such member. */
struct field {
	int64_t off;		/* bytes from the start of the structure */
	int64_t size;		/* bytes, of one element if it is an array */
	int64_t n;		/* elements, 1 if it is no array */
};

#define FIELD_MAX (1 << 20)	/* bytes and elements that are believed */

/* Are all three there, and possible? For who reckons with size and n. */
static inline bool field_is_whole(struct field f)
{
	return has(f.off) && f.size > 0 && f.size <= FIELD_MAX && f.n > 0 && f.n <= FIELD_MAX;
}

/* The three wishes for a struct field at that place of a struct of facts. */
#define WISH_FIELD(path, at) \
	{ WISH_OFF, path, (at) + offsetof(struct field, off) }, \
	{ WISH_SIZE, path, (at) + offsetof(struct field, size) }, \
	{ WISH_COUNT, path, (at) + offsetof(struct field, n) }

/*
 * An unsigned number of 1, 2, 4 or 8 bytes, a pointer among them. False: no such member,
 * another size, or not to be read.
 */
bool field_read(struct space *s, vaddr_t at, struct field f, uint64_t *ret);

/* The same, 0 if it is not to be had. */
uint64_t field_value(struct space *s, vaddr_t at, struct field f);

/* Text in an array of characters, printable; "" if it is not to be had. */
void field_text(struct space *s, vaddr_t at, struct field f, char *text, size_t size);

/* Text that a pointer leads to, printable; "" if it is not to be had. */
void text_at(struct space *s, vaddr_t at, char *text, size_t size);

#endif
