/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types as text. A declaration is written from its name outwards: what a pointer points
 * to stands in front, what an array or a function is of stands around.
 */
#include "btf_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define MAX_DEPTH 24		/* pointer to const pointer to array of ... */
#define MAX_PARAMETERS 32u
#define FULL (BTF_TEXT_LEN - 1)

/* ---- text -------------------------------------------------------------------- */

static void append(struct btf_text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void append(struct btf_text *t, const char *fmt, ...)
{
	size_t len = strlen(t->s);
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(t->s + len, BTF_TEXT_LEN - len, fmt, ap) >= (int)(BTF_TEXT_LEN - len))
		memcpy(t->s + FULL - 3, "...", 4);
	va_end(ap);
}

static void prepend(struct btf_text *t, const char *front)
{
	struct btf_text was = *t;

	t->s[0] = '\0';
	append(t, "%s%s", front, was.s);
}

/* What follows a pointer's star binds closer. */
static void enclose(struct btf_text *t)
{
	if (t->s[0] != '*')
		return;
	prepend(t, "(");
	append(t, ")");
}

/* Between a type's name and what it is of. */
static void prepend_type(struct btf_text *t, const char *type)
{
	if (t->s[0] && t->s[0] != '[')
		prepend(t, " ");
	prepend(t, type);
}

static void copy_name(struct btf *b, uint32_t name, char to[BTF_NAME_LEN])
{
	size_t len = 0;
	const char *text = btf_name(b, name, &len);

	if (!text)
		len = 0;
	for (size_t i = 0; i < len; i++)
		to[i] = printable(text[i]);
	to[len] = '\0';
}

/* ---- types ------------------------------------------------------------------- */

static bool declare(struct btf *b, uint32_t id, struct btf_text *text, int depth);

/* Functions' own parameters that are functions do not show theirs. */
static void add_parameters(struct btf *b, const struct btf_type *proto,
			   struct btf_text *text, int depth)
{
	append(text, "(");
	for (uint32_t i = 0; i < proto->vlen; i++) {
		const uint8_t *raw = depth ? NULL : btf_part(b, proto, i);
		struct btf_text one;
		char name[BTF_NAME_LEN];
		uint32_t id;

		if (!raw || i == MAX_PARAMETERS) {
			append(text, "...");
			break;
		}
		id = get_u32(raw + 4);
		copy_name(b, get_u32(raw), name);
		snprintf(one.s, sizeof(one.s), "%s", name);
		if (!id && !name[0])
			snprintf(one.s, sizeof(one.s), "...");
		else if (!declare(b, id, &one, depth + 1))
			snprintf(one.s, sizeof(one.s), "?");
		append(text, "%s%s", i ? ", " : "", one.s);
	}
	append(text, "%s)", proto->vlen ? "" : "void");
}

static const char *keyword(const struct btf_type *t)
{
	switch (t->kind) {
	case BTF_STRUCT:
		return "struct";
	case BTF_UNION:
		return "union";
	case BTF_ENUM:
	case BTF_ENUM64:
		return "enum";
	case BTF_FWD:
		return t->kflag ? "union" : "struct";
	default:
		return "";
	}
}

/* A type that has a name, or could have had one: the end. */
static bool name_type(struct btf *b, const struct btf_type *t, struct btf_text *text)
{
	char name[BTF_NAME_LEN], whole[BTF_NAME_LEN + 16];
	const char *word = keyword(t);

	copy_name(b, t->name, name);
	if (!name[0] && !word[0])
		return false;
	snprintf(whole, sizeof(whole), "%s%s%s", word, *word ? " " : "",
		 name[0] ? name : "{...}");
	prepend_type(text, whole);
	return true;
}

/* Is the type a pointer, so that its const stands behind the star? */
static bool is_pointer(struct btf *b, uint32_t id)
{
	struct btf_type t;

	for (int i = 0; i < MAX_DEPTH && btf_type(b, id, &t); i++) {
		if (t.kind != BTF_CONST && t.kind != BTF_VOLATILE && t.kind != BTF_RESTRICT &&
		    t.kind != BTF_TYPE_TAG)
			return t.kind == BTF_PTR;
		id = t.size_or_type;
	}
	return false;
}

/* text: what is declared, around which its type is written. */
static bool declare(struct btf *b, uint32_t id, struct btf_text *text, int depth)
{
	char front[24] = "";		/* qualifiers of what comes to stand first */

	for (int i = 0; i < MAX_DEPTH; i++) {
		const uint8_t *array;
		struct btf_type t;

		if (!id) {
			prepend_type(text, "void");
			prepend(text, front);
			return true;
		}
		if (!btf_type(b, id, &t))
			return false;
		id = t.size_or_type;
		switch (t.kind) {
		case BTF_PTR:
			prepend(text, "*");
			break;
		case BTF_CONST:
			if (is_pointer(b, id))
				prepend_type(text, "const");
			else if (!front[0])
				strcpy(front, "const ");
			break;
		case BTF_VOLATILE:
		case BTF_RESTRICT:
		case BTF_TYPE_TAG:
			break;
		case BTF_ARRAY:
			array = btf_part(b, &t, 0);
			if (!array)
				return false;
			id = get_u32(array);
			enclose(text);
			append(text, "[%u]", get_u32(array + 8));
			break;
		case BTF_FUNC_PROTO:
			enclose(text);
			add_parameters(b, &t, text, depth);
			break;
		default:
			if (!name_type(b, &t, text))
				return false;
			prepend(text, front);
			return true;
		}
	}
	return false;
}

bool btf_type_text(struct btf *b, uint32_t id, const char *name, struct btf_text *text)
{
	btf_budget(b);
	snprintf(text->s, sizeof(text->s), "%s", name);
	return declare(b, id, text, 0);
}

bool btf_func_text(struct btf *b, uint32_t id, struct btf_text *text)
{
	struct btf_type t, proto;

	btf_budget(b);
	if (!btf_type(b, id, &t) || t.kind != BTF_FUNC ||
	    !btf_type(b, t.size_or_type, &proto) || proto.kind != BTF_FUNC_PROTO)
		return false;
	copy_name(b, t.name, text->s);
	return text->s[0] && declare(b, t.size_or_type, text, 0);
}

bool btf_func(struct btf *b, const char *name, struct btf_text *text)
{
	char path[BTF_NAME_LEN + 2];
	struct btf_want wants[] = { { .path = path }, { .path = NULL } };

	if (snprintf(path, sizeof(path), "%s()", name) >= (int)sizeof(path))
		return false;
	btf_find(b, wants);
	return wants[0].found && btf_func_text(b, wants[0].field.id, text);
}
