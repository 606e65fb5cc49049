/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The types of the kernel's structures and functions: the BTF that the kernel carries for
 * its own use (Linux include/uapi/linux/btf.h). It stands in the image, so it is in every
 * core, and no debug package is needed. Here: the table; btf_find.h looks things up in
 * it, btf_text.h writes types as C has them.
 */
#ifndef KERNEL_BTF_H
#define KERNEL_BTF_H

#include "vmcore/stream.h"

struct space;

#define BTF_MARKS 1024u
#define BTF_KINDS 128u
#define BTF_NAME_LEN 128u	/* of a type or member, with its NUL; longer ones have none */

enum btf_kind {
	BTF_INT = 1, BTF_PTR, BTF_ARRAY, BTF_STRUCT, BTF_UNION, BTF_ENUM, BTF_FWD,
	BTF_TYPEDEF, BTF_VOLATILE, BTF_CONST, BTF_RESTRICT, BTF_FUNC, BTF_FUNC_PROTO,
	BTF_VAR, BTF_DATASEC, BTF_FLOAT, BTF_DECL_TAG, BTF_TYPE_TAG, BTF_ENUM64, BTF_N_KINDS
};

/* What follows the 12 bytes of a type: once, and for each of its vlen parts. */
struct btf_tail {
	bool known;
	uint8_t once, each;
};

struct btf {
	struct stream types, strings;
	struct btf *base;		/* that a module's goes on from; NULL */
	uint32_t base_types, base_strings;	/* ids and bytes that are the base's; 0, 0 */
	struct btf_tail tails[BTF_KINDS];
	uint32_t n_types;		/* ids base_types + 1 .. base_types + n_types */
	uint32_t stride;		/* ids between two marks */
	uint32_t mark[BTF_MARKS];	/* offset of type 1 + i * stride */
	uint32_t budget;		/* types and members that may still be looked at */
};

/* where: the table, header and all. EINVAL when it is none, or of no known kind. */
bool btf_open(struct btf *b, struct space *space, struct vrange where, struct err *e);

/* The table of a module, which names types and strings of base, the kernel's, as its own. */
bool btf_open_module(struct btf *b, struct btf *base, struct vrange where, struct err *e);

struct btf_type {
	uint32_t id;
	uint32_t off;			/* in the table of types */
	uint32_t name, vlen;
	unsigned kind;
	bool kflag;			/* members have bit sizes, values a sign */
	uint32_t size_or_type;
};

/* Each lookup of ids has a budget of steps, which this fills up. */
void btf_budget(struct btf *b);

/*
 * The 12 bytes of the type at off, of which btf_take() makes type id; off moves on to the
 * next. NULL: no more. Most types of a table are passed over, so that is cheap.
 */
const uint8_t *btf_pass(struct btf *b, uint32_t *off);
void btf_take(struct btf_type *t, const uint8_t *raw, uint32_t id, uint32_t off);

static inline unsigned btf_kind_of(const uint8_t *raw)
{
	return raw[7] & 0x7f;
}

bool btf_type(struct btf *b, uint32_t id, struct btf_type *t);

/* Through typedefs and qualifiers to what is meant. */
bool btf_resolve(struct btf *b, uint32_t id, struct btf_type *t);

/* Part i of a type, as many bytes as its kind has for each; NULL: there is none. */
const uint8_t *btf_part(struct btf *b, const struct btf_type *t, uint32_t i);

/* len bytes at a name, good until the next; NULL: they are not all there. */
const uint8_t *btf_string(struct btf *b, uint32_t name, size_t len);

/* Text good until the next name is read; *len without its NUL. NULL: no name, too long. */
const char *btf_name(struct btf *b, uint32_t name, size_t *len);

#endif
