/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types stand one behind the other, each as long as its kind says; ids count them. Marks
 * at even distances lead from an id to its place without an index of all of them.
 */
#include "btf.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define MAGIC 0xeb9f
#define HEADER_LEN 24u
#define TABLE_MAX (64u << 20)
#define MAX_TYPES (BTF_MARKS * BTF_STRIDE)
#define MAX_NESTING 8		/* unnamed in unnamed, a pointer's arrays of arrays */
#define MAX_CHAIN 16		/* typedef of const of typedef */
#define NAME_MAX_LEN 64u
#define BUDGET (1u << 22)	/* steps of all lookups; see BTF_STRIDE */

enum kind {
	INT = 1, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT,
	FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64, N_KINDS
};

/* What follows the 12 bytes of a type: once, and for each of its vlen parts. */
static const struct { uint8_t once, each; } tails[N_KINDS] = {
	[INT] = { 4, 0 }, [ARRAY] = { 12, 0 }, [STRUCT] = { 0, 12 }, [UNION] = { 0, 12 },
	[ENUM] = { 0, 8 }, [FUNC_PROTO] = { 0, 8 }, [VAR] = { 4, 0 }, [DATASEC] = { 0, 12 },
	[DECL_TAG] = { 4, 0 }, [ENUM64] = { 0, 12 },
};

struct type {
	uint32_t off;			/* in the table of types */
	uint32_t name, vlen;
	unsigned kind;
	bool kflag;			/* members have bit sizes */
	uint32_t size_or_type;
};

/* 7.2 gave vlen eight more bits, which had been zero; kind's upper ones too. */
static bool type_at(struct btf *b, uint32_t off, struct type *t)
{
	const uint8_t *raw = stream_at(&b->types, off, 12);
	uint32_t info;

	if (!raw)
		return false;
	info = get_u32(raw + 4);
	t->off = off;
	t->name = get_u32(raw);
	t->vlen = info & 0xffffff;
	t->kind = info >> 24 & 0x7f;
	t->kflag = info >> 31;
	t->size_or_type = get_u32(raw + 8);
	return t->kind && t->kind < N_KINDS;
}

/* False when it would lie outside of the table. */
static bool next_off(const struct btf *b, const struct type *t, uint32_t *off_ret)
{
	uint64_t end = t->off + 12ULL + tails[t->kind].once +
		       (uint64_t)t->vlen * tails[t->kind].each;

	if (end > b->types.len)
		return false;
	*off_ret = end;
	return true;
}

static bool type_of(struct btf *b, uint32_t id, struct type *t)
{
	uint32_t i = id - 1, off, left;

	if (!id || id > b->n_types)
		return false;
	off = b->mark[i / BTF_STRIDE];
	for (left = i % BTF_STRIDE; ; left--) {
		if (!b->budget || !type_at(b, off, t))
			return false;
		b->budget--;
		if (!left)
			return true;
		if (!next_off(b, t, &off))
			return false;
	}
}

static bool name_is(struct btf *b, uint32_t name, const char *want)
{
	size_t len = strlen(want) + 1;
	const uint8_t *text = len <= NAME_MAX_LEN ? stream_at(&b->strings, name, len) : NULL;

	return text && !memcmp(text, want, len);
}

static bool index_types(struct btf *b, struct err *e)
{
	struct type t;
	uint32_t off = 0, n = 0;

	for (; off < b->types.len && n < MAX_TYPES; n++) {
		if (n % BTF_STRIDE == 0)
			b->mark[n / BTF_STRIDE] = off;
		if (!type_at(b, off, &t) || !next_off(b, &t, &off))
			return fail(e, EINVAL, "BTF: type %u makes no sense", n + 1);
	}
	if (!n || off < b->types.len)
		return fail(e, EINVAL, "BTF: %u types are not possible", n);
	b->n_types = n;
	return true;
}

bool btf_open(struct btf *b, struct space *space, vaddr_t start, vaddr_t stop,
	      struct err *e)
{
	uint64_t len = stop - start, body;
	uint32_t header_len, types_off, types_len, strings_off, strings_len;
	const uint8_t *raw;

	if (start >= stop || len < HEADER_LEN || len > TABLE_MAX)
		return fail(e, EINVAL, "BTF: a table of %llu bytes", (unsigned long long)len);
	stream_open(&b->types, space, start, len);
	raw = stream_at(&b->types, 0, HEADER_LEN);
	if (!raw)
		return fail(e, EFAULT, "BTF at %#llx cannot be read",
			    (unsigned long long)start);
	header_len = get_u32(raw + 4);
	if (get_u16(raw) != MAGIC || raw[2] != 1 || header_len < HEADER_LEN ||
	    header_len > len)
		return fail(e, EINVAL, "BTF: not a header of version 1");
	types_off = get_u32(raw + 8);
	types_len = get_u32(raw + 12);
	strings_off = get_u32(raw + 16);
	strings_len = get_u32(raw + 20);
	body = len - header_len;
	if (types_off > body || types_len > body - types_off || strings_off > body ||
	    strings_len > body - strings_off)
		return fail(e, EINVAL, "BTF: a part lies outside of the table");
	stream_open(&b->types, space, start + header_len + types_off, types_len);
	stream_open(&b->strings, space, start + header_len + strings_off, strings_len);
	return index_types(b, e);
}

/* ---- members ---------------------------------------------------------------- */

/* Through typedefs and qualifiers to what is meant. */
static bool resolve(struct btf *b, uint32_t id, struct type *t)
{
	for (int i = 0; i < MAX_CHAIN; i++) {
		if (!type_of(b, id, t))
			return false;
		switch (t->kind) {
		case TYPEDEF:
		case VOLATILE:
		case CONST:
		case RESTRICT:
		case TYPE_TAG:
			id = t->size_or_type;
			break;
		default:
			return true;
		}
	}
	return false;
}

static bool measure(struct btf *b, uint32_t id, struct btf_field *f)
{
	uint64_t n = 1;

	for (int depth = 0; depth < MAX_NESTING; depth++) {
		const uint8_t *array;
		struct type t;

		if (!resolve(b, id, &t))
			return false;
		if (t.kind != ARRAY) {
			f->size = t.kind == PTR ? 8 : t.size_or_type;
			f->n = n;
			return t.kind != FUNC && t.kind != FUNC_PROTO && t.kind != FWD;
		}
		array = stream_at(&b->types, t.off + 12, 12);
		if (!array)
			return false;
		id = get_u32(array);
		n *= get_u32(array + 8);
		if (n > UINT32_MAX)
			return false;
	}
	return false;
}

static bool find_member(struct btf *b, const struct type *owner, uint32_t base_bits,
			const char *name, int depth, struct btf_field *f)
{
	for (uint32_t i = 0; i < owner->vlen; i++) {
		const uint8_t *raw = stream_at(&b->types, owner->off + 12 + i * 12, 12);
		uint32_t member, id, bits;
		struct type inner;

		if (!raw || !b->budget)
			return false;
		b->budget--;
		member = get_u32(raw);
		id = get_u32(raw + 4);
		bits = get_u32(raw + 8);
		if (owner->kflag && bits >> 24)
			continue;
		bits = base_bits + (owner->kflag ? bits & 0xffffff : bits);
		if (name_is(b, member, name)) {
			f->off = bits / 8;
			return bits % 8 == 0 && measure(b, id, f);
		}
		if (depth < MAX_NESTING && name_is(b, member, "") && resolve(b, id, &inner) &&
		    (inner.kind == STRUCT || inner.kind == UNION) &&
		    find_member(b, &inner, bits, name, depth + 1, f))
			return true;
	}
	return false;
}

static bool find_value(struct btf *b, const struct type *owner, const char *name,
		       struct btf_field *f)
{
	for (uint32_t i = 0; i < owner->vlen; i++) {
		const uint8_t *raw = stream_at(&b->types, owner->off + 12 + i * 8, 8);

		if (!raw)
			return false;
		f->n = get_u32(raw + 4);
		if (name_is(b, get_u32(raw), name))
			return true;
	}
	return false;
}

static void look(struct btf *b, const struct type *t, struct btf_want *w)
{
	struct btf_field f = { .n = 1 };

	if (!name_is(b, t->name, w->type))
		return;
	if (!w->member) {
		f.size = t->size_or_type;
		w->found = true;
	} else {
		w->found = t->kind == ENUM ? find_value(b, t, w->member, &f)
					   : find_member(b, t, 0, w->member, 0, &f);
	}
	w->field = f;
}

void btf_find(struct btf *b, struct btf_want *wants, size_t n)
{
	struct type t;
	uint32_t off = 0;

	for (size_t i = 0; i < n; i++)
		wants[i].found = false;
	b->budget = BUDGET;
	for (uint32_t id = 1; id <= b->n_types; id++) {
		if (!type_at(b, off, &t))
			return;
		if (t.name && (t.kind == STRUCT || t.kind == UNION || t.kind == ENUM) &&
		    stream_at(&b->strings, t.name, 1))
			for (size_t i = 0; i < n; i++)
				if (!wants[i].found)
					look(b, &t, &wants[i]);
		if (!next_off(b, &t, &off))
			return;
	}
}
