/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For unit programs: a table of types (BTF) written word by word, as Linux
 * Documentation/bpf/btf.rst has it.
 */
#ifndef UNIT_BTF_TABLE_H
#define UNIT_BTF_TABLE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "flat.h"
#include "kernel/btf.h"
#include "t.h"

enum { INT = 1, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT,
       FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64, KIND_20 };
#define KFLAG 0x80		/* with a kind */
#define BITS(at, size) ((uint32_t)(size) << 24 | (at))

#define TYPES_MAX (2u << 20)
#define STRINGS_MAX 4096u

static struct {
	uint8_t types[TYPES_MAX], whole[TYPES_MAX + STRINGS_MAX + 64];
	char strings[STRINGS_MAX];
	size_t types_len, strings_len;
	uint32_t base_strings;		/* bytes of another table that this one goes on from */
	uint32_t n;
} t;

static inline void word(uint32_t v)
{
	if (t.types_len + 4 > TYPES_MAX)
		abort();
	memcpy(t.types + t.types_len, &v, 4);
	t.types_len += 4;
}

static inline uint32_t name(const char *s)
{
	size_t at = t.strings_len, len = strlen(s) + 1;

	if (len == 1)
		return 0;
	if (at + len > STRINGS_MAX)
		abort();
	memcpy(t.strings + at, s, len);
	t.strings_len += len;
	return at + t.base_strings;
}

/* Returns its id; what belongs behind it comes with word() or member(). */
static inline uint32_t type(const char *s, unsigned kind, uint32_t vlen, uint32_t size_or_type)
{
	word(name(s));
	word(vlen | (kind & ~KFLAG) << 24 | (kind & KFLAG ? 1u << 31 : 0));
	word(size_or_type);
	return ++t.n;
}

static inline void member(const char *s, uint32_t id, uint32_t bits)
{
	word(name(s));
	word(id);
	word(bits);
}

static inline uint32_t array(uint32_t id, uint32_t index, uint32_t n)
{
	uint32_t ret = type("", ARRAY, 0, 0);

	word(id);
	word(index);
	word(n);
	return ret;
}

static inline uint32_t integer(const char *s, uint32_t size)
{
	uint32_t ret = type(s, INT, 0, size);

	word(size * 8);
	return ret;
}

static inline void begin(void)
{
	t.types_len = t.n = t.base_strings = 0;
	t.strings[0] = '\0';
	t.strings_len = 1;
}

/* A table that goes on from the one that is there. */
static inline void go_on(void)
{
	uint32_t n = t.n, strings = t.base_strings + t.strings_len;

	begin();
	t.n = n;
	t.base_strings = strings;
}

/* The table with its header; 7.2 has eight more bytes of it, and types come second. */
static inline size_t finish(uint32_t header_len)
{
	bool strings_first = header_len > 24;
	uint32_t types_off = strings_first ? (t.strings_len + 3) / 4 * 4 : 0;
	uint32_t strings_off = strings_first ? 0 : t.types_len;
	uint32_t header[8] = { 0x0001eb9f, header_len, types_off, t.types_len, strings_off,
			       t.strings_len, 0xffffffff, 0xffffffff };

	memset(t.whole, 0, sizeof(t.whole));
	memcpy(t.whole, header, header_len);
	memcpy(t.whole + header_len + types_off, t.types, t.types_len);
	memcpy(t.whole + header_len + strings_off, t.strings, t.strings_len);
	return header_len + t.types_len + (t.strings_len + 3) / 4 * 4;
}

static inline bool open_len(struct btf *b, struct flat *f, size_t len)
{
	const struct vrange where = { FLAT_BASE, FLAT_BASE + len };
	struct err e;
	bool ok;

	ok = btf_open(b, &f->space, where, &e);
	if (!ok)
		T_CHECK("an error says what it is about", strstr(e.text, "BTF"));
	return ok;
}

#endif
