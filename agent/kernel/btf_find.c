/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding members of structures. Wants stand in buckets by the hash of their type's name.
 */
#include "btf_find.h"

#include <string.h>

#include "base/bytes.h"

#define MAX_NESTING 8		/* unnamed in unnamed, arrays of arrays */
#define POINTER_LEN 8u
#define BUCKETS 256u

/* A piece of text that is not ended by a NUL. */
struct word {
	const char *text;
	size_t len;
};

static bool is_name(struct btf *b, uint32_t name, struct word w)
{
	const uint8_t *text = w.len < BTF_NAME_LEN ? btf_string(b, name, w.len + 1) : NULL;

	return text && !text[w.len] && !memcmp(text, w.text, w.len);
}

/* ---- sizes ------------------------------------------------------------------- */

/* A bit field as compilers told it before there was a width in each member. */
static void take_int(struct btf *b, const struct btf_type *t, struct btf_field *f)
{
	const uint8_t *raw = btf_part(b, t, 0);
	uint32_t info = raw ? get_u32(raw) : 0, width = info & 0xff, bit;

	if (!width || width >= t->size_or_type * 8)
		return;
	bit = f->bit + (info >> 16 & 0xff);
	f->off += bit / 8;
	f->bit = bit % 8;
	f->width = width;
}

static bool measure(struct btf *b, uint32_t id, struct btf_field *f)
{
	uint64_t n = 1;

	f->id = id;
	for (int depth = 0; depth < MAX_NESTING; depth++) {
		const uint8_t *array;
		struct btf_type t;

		if (!btf_resolve(b, id, &t))
			return false;
		if (t.kind != BTF_ARRAY) {
			f->size = t.kind == BTF_PTR ? POINTER_LEN : t.size_or_type;
			f->n = n;
			if (t.kind == BTF_INT && !f->width)
				take_int(b, &t, f);
			return t.kind != BTF_FUNC && t.kind != BTF_FUNC_PROTO &&
			       t.kind != BTF_FWD && t.kind < BTF_N_KINDS;
		}
		array = btf_part(b, &t, 0);
		if (!array)
			return false;
		id = get_u32(array);
		n *= get_u32(array + 8);
		if (n > UINT32_MAX)
			return false;
	}
	return false;
}

/* Through arrays, too: the struct or union that a path goes on in. */
static bool inside(struct btf *b, uint32_t id, struct btf_type *t)
{
	for (int depth = 0; depth < MAX_NESTING && btf_resolve(b, id, t); depth++) {
		const uint8_t *array;

		if (t->kind == BTF_STRUCT || t->kind == BTF_UNION)
			return true;
		array = t->kind == BTF_ARRAY ? btf_part(b, t, 0) : NULL;
		if (!array)
			return false;
		id = get_u32(array);
	}
	return false;
}

/* ---- members ----------------------------------------------------------------- */

struct place {
	uint32_t name, id, bits, width;
	unsigned depth;		/* unnamed structs and unions around it */
};

static bool place_of(struct btf *b, const struct btf_type *owner, uint32_t i,
		     struct place *p)
{
	const uint8_t *raw = btf_part(b, owner, i);

	if (!raw)
		return false;
	*p = (struct place){ .name = get_u32(raw), .id = get_u32(raw + 4),
			     .bits = get_u32(raw + 8) };
	if (owner->kflag) {
		p->width = p->bits >> 24;
		p->bits &= 0xffffff;
	}
	return true;
}

/* p->bits: where owner begins, and then where the member does. */
static bool find_member(struct btf *b, const struct btf_type *owner, struct word name,
			struct place *p)
{
	uint32_t base = p->bits, depth = p->depth;

	for (uint32_t i = 0; i < owner->vlen; i++) {
		struct btf_type inner;

		if (!place_of(b, owner, i, p))
			return false;
		p->bits += base;
		p->depth = depth + 1;
		if (is_name(b, p->name, name))
			return true;
		if (depth < MAX_NESTING && is_name(b, p->name, (struct word){ "", 0 }) &&
		    btf_resolve(b, p->id, &inner) &&
		    (inner.kind == BTF_STRUCT || inner.kind == BTF_UNION) &&
		    find_member(b, &inner, name, p))
			return true;
	}
	return false;
}

/* Something that is no bit field begins at a byte. */
static bool take_place(struct btf *b, const struct place *p, struct btf_field *f)
{
	f->off = p->bits / 8;
	f->bit = p->bits % 8;
	f->width = p->width;
	return measure(b, p->id, f) && (f->width || !f->bit);
}

static bool find_path(struct btf *b, const struct btf_type *type, const char *path,
		      struct btf_field *f)
{
	struct btf_type owner = *type;
	struct place p = { .bits = 0 };

	for (int depth = 0; depth < BTF_PATH_MAX; depth++) {
		struct word name = { path, strcspn(path, ".") };

		if (!name.len || !find_member(b, &owner, name, &p))
			return false;
		if (!path[name.len])
			return take_place(b, &p, f);
		if (p.width || !inside(b, p.id, &owner))
			return false;
		path += name.len + 1;
		p.depth = 0;
	}
	return false;
}

static int64_t value_of(const struct btf_type *t, const uint8_t *raw)
{
	if (t->kind == BTF_ENUM64)
		return get_u64(raw + 4);
	return t->kflag ? (int32_t)get_u32(raw + 4) : (int64_t)get_u32(raw + 4);
}

static bool find_value(struct btf *b, const struct btf_type *t, const char *name,
		       struct btf_field *f)
{
	struct word w = { name, strlen(name) };

	for (uint32_t i = 0; i < t->vlen; i++) {
		const uint8_t *raw = btf_part(b, t, i);

		if (!raw)
			return false;
		f->value = value_of(t, raw);
		f->id = t->id;
		f->size = t->size_or_type;
		if (is_name(b, get_u32(raw), w))
			return true;
	}
	return false;
}

static bool is_enum_kind(unsigned kind)
{
	return kind == BTF_ENUM || kind == BTF_ENUM64;
}

static bool is_enum(const struct btf_type *t)
{
	return is_enum_kind(t->kind);
}

bool btf_member(struct btf *b, uint32_t id, uint32_t i, struct btf_member *m)
{
	struct btf_type t;
	struct place p;
	const char *name;
	size_t len = 0;

	btf_budget(b);
	*m = (struct btf_member){ .field.n = 1 };
	if (!btf_resolve(b, id, &t) || i >= t.vlen)
		return false;
	if (is_enum(&t)) {
		const uint8_t *raw = btf_part(b, &t, i);

		if (!raw)
			return false;
		p.name = get_u32(raw);
		m->field.value = value_of(&t, raw);
		m->field.id = id;
	} else if ((t.kind != BTF_STRUCT && t.kind != BTF_UNION) || !place_of(b, &t, i, &p) ||
		   !take_place(b, &p, &m->field)) {
		return false;
	}
	name = btf_name(b, p.name, &len);
	for (size_t at = 0; name && at < len; at++)
		m->name[at] = printable(name[at]);
	return true;
}

/* ---- wants ------------------------------------------------------------------- */

struct buckets {
	struct btf_want *first[BUCKETS];
	bool functions, unnamed;	/* some are wanted */
};

static unsigned hash(struct word w)
{
	unsigned h = 0;

	for (size_t i = 0; i < w.len; i++)
		h = h * 31 + (uint8_t)w.text[i];
	return (h ^ h >> 8) % BUCKETS;
}

/* By what a want is sought: its type's name, or of an unnamed enum's value that. */
static struct word key_of(const struct btf_want *w)
{
	return (struct word){ w->path + (w->path[0] == '.'), w->key_len };
}

static bool wants_function(const struct btf_want *w)
{
	return strchr(w->path, '(');
}

static void put_in_buckets(struct buckets *k, struct btf_want *wants)
{
	*k = (struct buckets){ .functions = false };
	for (struct btf_want *w = wants; w->path; w++) {
		struct btf_want **at;

		w->key_len = strcspn(w->path + (w->path[0] == '.'), ".(");
		at = &k->first[hash(key_of(w))];
		w->found = false;
		w->field = (struct btf_field){ .n = 1 };
		w->next = *at;
		*at = w;
		k->functions |= wants_function(w);
		k->unnamed |= w->path[0] == '.';
	}
}

/* t has the name that w asks for. */
static bool look(struct btf *b, const struct btf_type *t, struct btf_want *w)
{
	const char *rest = w->path + key_of(w).len;
	struct btf_type meant;

	if (wants_function(w) != (t->kind == BTF_FUNC) || w->path[0] == '.')
		return false;
	w->field = (struct btf_field){ .n = 1, .id = t->id };
	if (t->kind == BTF_FUNC)
		return true;
	if (!btf_resolve(b, t->id, &meant))
		return false;
	if (is_enum(&meant) && *rest)
		return find_value(b, &meant, rest + 1, &w->field);
	w->field.size = meant.size_or_type;
	return (is_enum(&meant) || meant.kind == BTF_STRUCT || meant.kind == BTF_UNION) &&
	       (!*rest || find_path(b, &meant, rest + 1, &w->field));
}

static void look_named(struct btf *b, const struct btf_type *t, const struct buckets *k)
{
	char name[BTF_NAME_LEN];
	struct btf_want *w;
	struct word word;
	const char *text;

	text = btf_name(b, t->name, &word.len);
	if (!text)
		return;
	word.text = text;
	w = k->first[hash(word)];
	if (!w)
		return;
	memcpy(name, text, word.len);
	for (; w; w = w->next) {
		struct word key = key_of(w);

		if (!w->found && key.len == word.len && !memcmp(key.text, name, key.len))
			w->found = look(b, t, w);
	}
}

static void look_unnamed(struct btf *b, const struct btf_type *t, const struct buckets *k)
{
	for (uint32_t i = 0; i < t->vlen; i++) {
		const uint8_t *raw = btf_part(b, t, i);
		int64_t value;
		struct word word;

		if (!raw)
			return;
		value = value_of(t, raw);
		word.text = btf_name(b, get_u32(raw), &word.len);
		if (!word.text)
			continue;
		for (struct btf_want *w = k->first[hash(word)]; w; w = w->next) {
			struct word key = key_of(w);

			if (w->found || w->path[0] != '.' || key.len != word.len ||
			    memcmp(key.text, word.text, key.len))
				continue;
			w->found = true;
			w->field.value = value;
			w->field.id = t->id;
			w->field.size = t->size_or_type;
		}
	}
}

void btf_find(struct btf *b, struct btf_want *wants)
{
	struct buckets k;
	uint32_t off, next = 0, id = b->base_types;
	const uint8_t *raw;

	put_in_buckets(&k, wants);
	btf_budget(b);
	for (uint32_t i = 0; i < b->n_types; i++) {
		struct btf_type t;
		unsigned kind;

		off = next;
		raw = btf_pass(b, &next);
		if (!raw)
			return;
		id++;
		kind = btf_kind_of(raw);
		if (kind != BTF_STRUCT && kind != BTF_UNION && kind != BTF_TYPEDEF &&
		    !is_enum_kind(kind) && !(kind == BTF_FUNC && k.functions))
			continue;
		btf_take(&t, raw, id, off);
		if (t.name)
			look_named(b, &t, &k);
		else if (k.unnamed && is_enum(&t))
			look_unnamed(b, &t, &k);
	}
}
