/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of BTF. Types stand one behind the other, each as long as its kind says; ids
 * count them. Marks at even distances lead from an id to its place without an index of
 * all of them.
 */
#include "btf.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define MAGIC 0xeb9f
#define HEADER_LEN 24u
#define LAYOUT_HEADER_LEN 32u	/* of a table that says how long its kinds are */
#define TABLE_MAX (64u << 20)
#define TYPE_LEN 12u
#define MAX_TYPES (1u << 22)
/* 7.2 gave it eight more bits, which had been zero; kind's upper ones too. */
#define VLEN 0xffffffu
#define MAX_CHAIN 16		/* typedef of const of typedef */
#define BUDGET (1u << 22)

static const struct btf_tail known_tails[BTF_N_KINDS] = {
	[BTF_INT] = { true, 4, 0 }, [BTF_PTR] = { true, 0, 0 },
	[BTF_ARRAY] = { true, 12, 0 }, [BTF_STRUCT] = { true, 0, 12 },
	[BTF_UNION] = { true, 0, 12 }, [BTF_ENUM] = { true, 0, 8 },
	[BTF_FWD] = { true, 0, 0 }, [BTF_TYPEDEF] = { true, 0, 0 },
	[BTF_VOLATILE] = { true, 0, 0 }, [BTF_CONST] = { true, 0, 0 },
	[BTF_RESTRICT] = { true, 0, 0 }, [BTF_FUNC] = { true, 0, 0 },
	[BTF_FUNC_PROTO] = { true, 0, 8 }, [BTF_VAR] = { true, 4, 0 },
	[BTF_DATASEC] = { true, 0, 12 }, [BTF_FLOAT] = { true, 0, 0 },
	[BTF_DECL_TAG] = { true, 4, 0 }, [BTF_TYPE_TAG] = { true, 0, 0 },
	[BTF_ENUM64] = { true, 0, 12 },
};

/* ---- types ------------------------------------------------------------------- */

void btf_budget(struct btf *b)
{
	b->budget = BUDGET;
	if (b->base)
		b->base->budget = BUDGET;
}

const uint8_t *btf_pass(struct btf *b, uint32_t *off)
{
	const uint8_t *raw = stream_at(&b->types, *off, TYPE_LEN);
	const struct btf_tail *tail;
	uint64_t end;

	if (!raw)
		return NULL;
	tail = &b->tails[btf_kind_of(raw)];
	end = *off + TYPE_LEN + tail->once + (uint64_t)(get_u32(raw + 4) & VLEN) * tail->each;
	if (!tail->known || end > b->types.len)
		return NULL;
	*off = end;
	return raw;
}

void btf_take(struct btf_type *t, const uint8_t *raw, uint32_t id, uint32_t off)
{
	uint32_t info = get_u32(raw + 4);

	*t = (struct btf_type){
		.id = id, .off = off, .name = get_u32(raw), .vlen = info & VLEN,
		.kind = btf_kind_of(raw), .kflag = info >> 31,
		.size_or_type = get_u32(raw + 8),
	};
}

bool btf_type(struct btf *b, uint32_t id, struct btf_type *t)
{
	uint32_t i = id - 1 - b->base_types, at, off = 0, next;
	const uint8_t *raw = NULL;

	if (b->base && id <= b->base_types)
		return btf_type(b->base, id, t);
	if (!id || i >= b->n_types)
		return false;
	next = b->mark[i / b->stride];
	for (at = i / b->stride * b->stride; at <= i; at++) {
		off = next;
		raw = b->budget ? btf_pass(b, &next) : NULL;
		if (!raw)
			return false;
		b->budget--;
	}
	btf_take(t, raw, id, off);
	return true;
}

bool btf_resolve(struct btf *b, uint32_t id, struct btf_type *t)
{
	for (int i = 0; i < MAX_CHAIN; i++) {
		if (!btf_type(b, id, t))
			return false;
		switch (t->kind) {
		case BTF_TYPEDEF:
		case BTF_VOLATILE:
		case BTF_CONST:
		case BTF_RESTRICT:
		case BTF_TYPE_TAG:
			id = t->size_or_type;
			break;
		default:
			return true;
		}
	}
	return false;
}

const uint8_t *btf_part(struct btf *b, const struct btf_type *t, uint32_t i)
{
	const struct btf_tail *tail;
	size_t len;
	uint64_t off;

	if (b->base && t->id <= b->base_types)
		b = b->base;
	tail = &b->tails[t->kind];
	len = tail->each ? tail->each : tail->once;
	off = t->off + TYPE_LEN + (uint64_t)i * len;
	if (!len || i >= (tail->each ? t->vlen : 1) || !b->budget)
		return NULL;
	b->budget--;
	return stream_at(&b->types, off, len);
}

/* Whose string that is, and where it begins there. */
static struct btf *owner_of(struct btf *b, uint32_t *name)
{
	if (b->base && *name < b->base_strings)
		return b->base;
	*name -= b->base_strings;
	return b;
}

const uint8_t *btf_string(struct btf *b, uint32_t name, size_t len)
{
	b = owner_of(b, &name);
	return stream_at(&b->strings, name, len);
}

const char *btf_name(struct btf *b, uint32_t name, size_t *len)
{
	const uint8_t *text;
	size_t most;

	b = owner_of(b, &name);
	most = name < b->strings.len ? min_u64(BTF_NAME_LEN, b->strings.len - name) : 0;
	text = most ? stream_at(&b->strings, name, most) : NULL;

	if (!text)
		return NULL;
	*len = strnlen((const char *)text, most);
	return *len < most ? (const char *)text : NULL;
}

/* ---- the table --------------------------------------------------------------- */

/* A mark for each stride types; when there is no room, every other one goes. */
static void put_mark(struct btf *b, uint32_t n, uint32_t off)
{
	if (n / b->stride == BTF_MARKS) {
		for (unsigned i = 0; i < BTF_MARKS / 2; i++)
			b->mark[i] = b->mark[2 * i];
		b->stride *= 2;
	}
	if (n % b->stride == 0)
		b->mark[n / b->stride] = off;
}

static bool index_types(struct btf *b, struct err *e)
{
	uint32_t off = 0, n = 0;

	b->stride = 1;
	for (; off < b->types.len && n < MAX_TYPES; n++) {
		const uint8_t *raw;

		put_mark(b, n, off);
		if (btf_pass(b, &off))
			continue;
		raw = stream_at(&b->types, off, TYPE_LEN);
		if (raw && !b->tails[btf_kind_of(raw)].known)
			return fail(e, EINVAL, "BTF: type %u is of kind %u, which is not known",
				    n + 1, btf_kind_of(raw));
		return fail(e, EINVAL, "BTF: type %u makes no sense", n + 1);
	}
	if (!n || off < b->types.len)
		return fail(e, EINVAL, "BTF: %u types are not possible", n);
	b->n_types = n;
	return true;
}

/*
 * Newer tables have a record of 4 bytes for each kind, which tells how long those are that
 * we do not know: once, each, flags (struct btf_layout).
 */
static void learn_kinds(struct btf *b, struct stream *body, uint32_t off, uint32_t len)
{
	for (unsigned kind = BTF_N_KINDS; kind < BTF_KINDS && kind < len / 4; kind++) {
		const uint8_t *raw = stream_at(body, off + kind * 4ULL, 4);

		if (raw)
			b->tails[kind] = (struct btf_tail){ true, raw[0], raw[1] };
	}
}

/* A part of the table, after its header. */
struct part {
	uint32_t off, len;
};

static bool fits(struct part part, uint64_t body)
{
	return part.off <= body && part.len <= body - part.off;
}

/* b->base is set. */
static bool open_table(struct btf *b, struct space *space, struct vrange where, struct err *e)
{
	uint64_t len = where.end - where.start, body;
	struct part types, strings, layout = { 0, 0 };
	uint32_t header_len;
	const uint8_t *raw;

	if (where.start >= where.end || len < HEADER_LEN || len > TABLE_MAX)
		return fail(e, EINVAL, "BTF: a table of %llu bytes", (unsigned long long)len);
	stream_open(&b->types, space, where.start, len);
	raw = stream_at(&b->types, 0, min_u64(len, LAYOUT_HEADER_LEN));
	if (!raw)
		return fail(e, EFAULT, "BTF at %#llx cannot be read",
			    (unsigned long long)where.start);
	header_len = get_u32(raw + 4);
	if (get_u16(raw) != MAGIC || raw[2] != 1 || header_len < HEADER_LEN ||
	    header_len > len)
		return fail(e, EINVAL, "BTF: not a header of version 1");
	types = (struct part){ get_u32(raw + 8), get_u32(raw + 12) };
	strings = (struct part){ get_u32(raw + 16), get_u32(raw + 20) };
	if (header_len >= LAYOUT_HEADER_LEN)
		layout = (struct part){ get_u32(raw + 24), get_u32(raw + 28) };
	body = len - header_len;
	if (!fits(types, body) || !fits(strings, body))
		return fail(e, EINVAL, "BTF: a part lies outside of the table");
	memset(b->tails, 0, sizeof(b->tails));
	memcpy(b->tails, known_tails, sizeof(known_tails));
	stream_open(&b->strings, space, where.start + header_len, body);
	if (fits(layout, body))
		learn_kinds(b, &b->strings, layout.off, layout.len);
	stream_open(&b->types, space, where.start + header_len + types.off, types.len);
	stream_open(&b->strings, space, where.start + header_len + strings.off, strings.len);
	btf_budget(b);
	return index_types(b, e);
}

bool btf_open(struct btf *b, struct space *space, struct vrange where, struct err *e)
{
	b->base = NULL;
	b->base_types = b->base_strings = 0;
	return open_table(b, space, where, e);
}

bool btf_open_module(struct btf *b, struct btf *base, struct vrange where, struct err *e)
{
	b->base = base;
	b->base_types = base->n_types;
	b->base_strings = (uint32_t)base->strings.len;
	return open_table(b, base->types.space, where, e);
}
