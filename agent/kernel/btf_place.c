/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the outermost member inwards; what has no name adds none. */
#include "btf_place.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define MAX_INSIDE 8		/* structures in structures */
#define MAX_MEMBERS 4096u	/* of one that are looked at */

/* Itself, or what an array is of. */
static bool is_struct(struct btf *b, uint32_t id, struct btf_type *t)
{
	for (int i = 0; i < MAX_INSIDE && btf_resolve(b, id, t); i++) {
		const uint8_t *array = t->kind == BTF_ARRAY ? btf_part(b, t, 0) : NULL;

		if (!array)
			return t->kind == BTF_STRUCT || t->kind == BTF_UNION;
		id = get_u32(array);
	}
	return false;
}

/* The structure that the parameter points to. */
static bool pointed_to(struct btf *b, const uint8_t *parameter, struct btf_type *t)
{
	return btf_resolve(b, get_u32(parameter + 4), t) && t->kind == BTF_PTR &&
	       is_struct(b, t->size_or_type, t);
}

/* The first of a union's that is that long does as well as any. */
static bool member_around(struct btf *b, const struct btf_type *t, uint32_t off,
			  struct btf_member *m)
{
	for (uint32_t i = 0; i < MAX_MEMBERS && btf_member(b, t->id, i, m); i++)
		if (off >= m->field.off && m->field.size &&
		    (off - m->field.off) / m->field.size < m->field.n)
			return true;
	return false;
}

static bool append(struct btf_text *text, const char *sign, const char *name)
{
	size_t len = strlen(text->s), left = sizeof(text->s) - len;

	return (size_t)snprintf(text->s + len, left, "%s%s", sign, name) < left;
}

/* Inwards as long as there is a member around it. */
static bool name_member(struct btf *b, struct btf_type t, uint32_t off, struct btf_text *text)
{
	const char *sign = "->";
	struct btf_member m;
	bool is_named = false;

	for (int i = 0; i < MAX_INSIDE && member_around(b, &t, off, &m); i++) {
		if (m.name[0] && !append(text, sign, m.name))
			return false;
		if (m.name[0]) {
			is_named = true;
			sign = ".";
		}
		off = (off - m.field.off) % m.field.size;
		if (!is_struct(b, m.field.id, &t))
			return is_named;
	}
	return is_named;
}

bool btf_argument_member(struct btf *b, const char *function, uint32_t off,
			 struct btf_text *text)
{
	char path[BTF_NAME_LEN + 2];
	struct btf_want wants[] = { { .path = path }, { .path = NULL } };
	const uint8_t *raw;
	struct btf_type t;
	const char *name;
	size_t len = 0;

	if (snprintf(path, sizeof(path), "%s()", function) >= (int)sizeof(path))
		return false;
	btf_find(b, wants);
	btf_budget(b);
	if (!wants[0].found || !btf_type(b, wants[0].field.id, &t) || t.kind != BTF_FUNC ||
	    !btf_type(b, t.size_or_type, &t) || t.kind != BTF_FUNC_PROTO)
		return false;
	raw = btf_part(b, &t, 0);
	name = raw ? btf_name(b, get_u32(raw), &len) : NULL;
	if (!name || !len)
		return false;
	snprintf(text->s, sizeof(text->s), "%.*s", (int)len, name);
	for (char *c = text->s; *c; c++)
		*c = printable(*c);
	/* The name was read through the same window. */
	raw = btf_part(b, &t, 0);
	return raw && pointed_to(b, raw, &t) && off < t.size_or_type &&
	       name_member(b, t, off, text);
}
