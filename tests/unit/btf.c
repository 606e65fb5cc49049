/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/btf on tables written here word by word, as Linux Documentation/bpf/btf.rst has
 * them: what a member's place is through unnamed parts, typedefs and arrays, and that
 * tables which are cut off, cyclic or huge give nothing, soon.
 */
#include <time.h>

#include "flat.h"
#include "kernel/btf.h"
#include "t.h"

enum { INT = 1, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT,
       FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64 };
#define KFLAG 0x80		/* with a kind */
#define BITS(at, size) ((uint32_t)(size) << 24 | (at))
#define ABSENT_MEMBER UINT32_MAX

#define TYPES_MAX (2u << 20)
#define STRINGS_MAX 4096u

static struct {
	uint8_t types[TYPES_MAX], whole[TYPES_MAX + STRINGS_MAX + 64];
	char strings[STRINGS_MAX];
	size_t types_len, strings_len;
	uint32_t n;
} t;

static void word(uint32_t v)
{
	if (t.types_len + 4 > TYPES_MAX)
		abort();
	memcpy(t.types + t.types_len, &v, 4);
	t.types_len += 4;
}

static uint32_t name(const char *s)
{
	size_t at = t.strings_len, len = strlen(s) + 1;

	if (len == 1)
		return 0;
	if (at + len > STRINGS_MAX)
		abort();
	memcpy(t.strings + at, s, len);
	t.strings_len += len;
	return at;
}

/* Returns its id; what belongs behind it comes with word() or member(). */
static uint32_t type(const char *s, unsigned kind, uint32_t vlen, uint32_t size_or_type)
{
	word(name(s));
	word(vlen | (kind & ~KFLAG) << 24 | (kind & KFLAG ? 1u << 31 : 0));
	word(size_or_type);
	return ++t.n;
}

static void member(const char *s, uint32_t id, uint32_t bits)
{
	word(name(s));
	word(id);
	word(bits);
}

static uint32_t array(uint32_t id, uint32_t index, uint32_t n)
{
	uint32_t ret = type("", ARRAY, 0, 0);

	word(id);
	word(index);
	word(n);
	return ret;
}

static uint32_t integer(const char *s, uint32_t size)
{
	uint32_t ret = type(s, INT, 0, size);

	word(size * 8);
	return ret;
}

static void begin(void)
{
	t.types_len = t.n = 0;
	t.strings[0] = '\0';
	t.strings_len = 1;
}

/* The table with its header; 7.2 has eight more bytes of it, and types come second. */
static size_t finish(uint32_t header_len)
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

/* ---- what is there ---------------------------------------------------------- */

/* One of each kind, so that each one's length matters to what comes after it. */
static void fill_kinds(uint32_t int_id)
{
	uint32_t id;

	type("zone", FWD, 0, 0);
	id = type("", FUNC_PROTO, 2, int_id);
	word(0);
	word(int_id);
	word(0);
	word(0);
	type("f", FUNC, 1, id);
	id = type("v", VAR, 0, int_id);
	word(1);
	type(".data", DATASEC, 1, 4);
	member("", id, 0);
	type("double", FLOAT, 0, 8);
	type("tag", DECL_TAG, 0, id);
	word(0xffffffff);
	type("big", ENUM64, 1, 8);
	member("BIG", 1, 2);
	type("", RESTRICT, 0, int_id);
}

static void fill_outer(uint32_t int_id, uint32_t long_id)
{
	uint32_t u64 = type("u64", TYPEDEF, 0, long_id);
	uint32_t deep = type("deep_t", TYPEDEF, 0,
			     type("", VOLATILE, 0, type("", CONST, 0, u64)));
	uint32_t tagged = type("user", TYPE_TAG, 0, deep);
	uint32_t rows = array(array(tagged, int_id, 3), int_id, 4);
	uint32_t flexible = array(int_id, int_id, 0), void_ptr = type("", PTR, 0, 0);
	uint32_t inner = type("", STRUCT, 2, 8), both, named;

	member("a", int_id, 0);
	member("b", int_id, 32);
	both = type("", UNION, 2, 8);
	member("", inner, 0);
	member("both", u64, 0);
	named = type("named", STRUCT, 1, 4);
	member("hidden", int_id, 0);

	type("outer", STRUCT | KFLAG, 9, 400);
	member("first", int_id, BITS(0, 0));
	member("flag", int_id, BITS(32, 3));
	member("byte_flag", int_id, BITS(40, 8));
	member("", both, BITS(128, 0));
	member("rows", rows, BITS(192, 0));
	member("pointer", void_ptr, BITS(960, 0));
	member("part", named, BITS(1024, 0));
	member("odd", int_id, BITS(1057, 0));
	member("tail", flexible, BITS(3200, 0));
}

static void fill_good(void)
{
	uint32_t int_id, long_id;

	begin();
	int_id = integer("int", 4);
	long_id = integer("unsigned long", 8);
	fill_kinds(int_id);
	fill_outer(int_id, long_id);
	type("migratetype", ENUM, 2, 4);
	word(name("MIGRATE_MOVABLE"));
	word(1);
	word(name("MIGRATE_PCPTYPES"));
	word(3);
	type("zone", STRUCT, 0, 1664);
	/* More members than the 16 bits of older tables could count. */
	type("wide", STRUCT, 70000, 280008);
	for (uint32_t i = 0; i < 70000; i++)
		member(i == 69999 ? "last" : "", i == 69999 ? long_id : int_id, i * 32);
	type("behind", STRUCT, 1, 4);
	member("x", int_id, 0);
}

static const struct {
	const char *row, *type, *member;
	uint32_t off, size, n;	/* off ABSENT_MEMBER: is not found */
} places[] = {
	{ "the first member", "outer", "first", 0, 4, 1 },
	{ "a bit field", "outer", "flag", ABSENT_MEMBER, 0, 0 },
	{ "a bit field of a whole byte", "outer", "byte_flag", ABSENT_MEMBER, 0, 0 },
	{ "not at a byte", "outer", "odd", ABSENT_MEMBER, 0, 0 },
	{ "in an unnamed union", "outer", "both", 16, 8, 1 },
	{ "in a struct in an unnamed union", "outer", "b", 20, 4, 1 },
	{ "in a named struct", "outer", "hidden", ABSENT_MEMBER, 0, 0 },
	{ "a named struct", "outer", "part", 128, 4, 1 },
	{ "an array of arrays of a typedef of const", "outer", "rows", 24, 8, 12 },
	{ "a pointer", "outer", "pointer", 120, 8, 1 },
	{ "an array without a length", "outer", "tail", 400, 4, 0 },
	{ "no such member", "outer", "second", ABSENT_MEMBER, 0, 0 },
	{ "only the start of a name", "outer", "firs", ABSENT_MEMBER, 0, 0 },
	{ "no such type", "inner", "a", ABSENT_MEMBER, 0, 0 },
	{ "a size", "outer", NULL, 0, 400, 1 },
	{ "a size, not of what is only announced", "zone", NULL, 0, 1664, 1 },
	{ "a value of an enum", "migratetype", "MIGRATE_PCPTYPES", 0, 0, 3 },
	{ "no such value", "migratetype", "MIGRATE_CMA", ABSENT_MEMBER, 0, 0 },
	{ "the last of very many", "wide", "last", 279996, 8, 1 },
	{ "behind very many", "behind", "x", 0, 4, 1 },
	{ "no struct", "u64", NULL, ABSENT_MEMBER, 0, 0 },
};

static bool open_len(struct btf *b, struct flat *f, size_t len)
{
	struct err e;
	bool ok;

	ok = btf_open(b, &f->space, FLAT_BASE, FLAT_BASE + len, &e);
	if (!ok)
		T_CHECK("an error says what it is about", strstr(e.text, "BTF"));
	return ok;
}

static void test_places(uint32_t header_len)
{
	struct btf_want wants[T_SIZE(places)];
	size_t len;
	struct flat f;
	struct btf b;

	fill_good();
	len = finish(header_len);
	flat_open(&f, t.whole, len);
	T_CHECK("a good table", open_len(&b, &f, len));
	T_EQUAL("types", t.n, b.n_types);
	for (size_t i = 0; i < T_SIZE(places); i++)
		wants[i] = (struct btf_want){ places[i].type, places[i].member, true,
					      { 0, 0, 0 } };
	btf_find(&b, wants, T_SIZE(places));
	for (size_t i = 0; i < T_SIZE(places); i++) {
		bool wanted = places[i].off != ABSENT_MEMBER;

		T_EQUAL(places[i].row, wanted, wants[i].found);
		if (!wanted || !wants[i].found)
			continue;
		T_EQUAL(places[i].row, places[i].off, wants[i].field.off);
		T_EQUAL(places[i].row, places[i].size, wants[i].field.size);
		T_EQUAL(places[i].row, places[i].n, wants[i].field.n);
	}
}

/* ---- headers ---------------------------------------------------------------- */

static const struct {
	const char *row;
	unsigned at;		/* byte of the table */
	uint32_t value;
	unsigned size;
} spoilt[] = {
	{ "another magic", 0, 0x9feb, 2 },
	{ "another version", 2, 2, 1 },
	{ "a header of 23 bytes", 4, 23, 4 },
	{ "a header longer than the table", 4, 0x7fffffff, 4 },
	{ "types that begin behind the table", 8, 0xffffff00, 4 },
	{ "types that end behind the table", 12, 0xfffffff0, 4 },
	{ "no types", 12, 0, 4 },
	{ "types that end inside of one", 12, 13, 4 },
	{ "strings that begin behind the table", 16, 0x80000000, 4 },
	{ "strings that end behind the table", 20, 0xffffffff, 4 },
	{ "a type of no kind", 24 + 4, 0, 4 },
	{ "a type of a kind of the future", 24 + 4, 20 << 24, 4 },
	{ "a type of kind 127", 24 + 4, 0x7f000000, 4 },
	{ "more members than there is room for", 24 + 4, STRUCT << 24 | 0xffffff, 4 },
};

static void test_headers(void)
{
	struct flat f;
	struct btf b;
	size_t len;

	for (size_t i = 0; i < T_SIZE(spoilt); i++) {
		fill_good();
		len = finish(24);
		memcpy(t.whole + spoilt[i].at, &spoilt[i].value, spoilt[i].size);
		flat_open(&f, t.whole, len);
		T_CHECK(spoilt[i].row, !open_len(&b, &f, len));
	}
	fill_good();
	len = finish(24);
	flat_open(&f, t.whole, len);
	T_CHECK("no bytes", !open_len(&b, &f, 0));
	T_CHECK("a part of a header", !open_len(&b, &f, 20));
	T_CHECK("a negative length", !open_len(&b, &f, -4096));
	T_CHECK("64 MiB and more", !open_len(&b, &f, (64 << 20) + 1));
	f.bad_to = 1;
	T_CHECK("not to be read", !open_len(&b, &f, len));
	f.bad_from = 24 + 60;
	f.bad_to = f.bad_from + 4096;
	T_CHECK("a hole in the types", !open_len(&b, &f, len));
}

/* ---- tables that lead nowhere ------------------------------------------------ */

static void a_typedef_of_itself(void)
{
	uint32_t id = type("loop", TYPEDEF, 0, t.n + 1);

	type("zone", STRUCT, 2, 8);
	member("", id, 0);
	member("m", id, 0);
}

static void typedefs_in_a_circle(void)
{
	uint32_t id = type("ping", TYPEDEF, 0, t.n + 2);

	type("", CONST, 0, id);
	type("zone", STRUCT, 1, 8);
	member("m", id, 0);
}

static void a_struct_inside_itself(void)
{
	uint32_t id = type("", STRUCT, 2, 8);

	member("", id, 0);
	member("", id, 64);
	type("zone", STRUCT, 1, 8);
	member("", id, 0);
}

static void an_array_of_itself(void)
{
	uint32_t id = array(t.n + 1, 1, 2);

	type("zone", STRUCT, 1, 8);
	member("m", id, 0);
}

static void an_array_of_more_than_there_can_be(void)
{
	uint32_t id = array(array(1, 1, 0x10000), 1, 0x10001);

	type("zone", STRUCT, 1, 8);
	member("m", id, 0);
}

static void types_that_do_not_exist(void)
{
	type("zone", STRUCT, 3, 8);
	member("", 0, 0);
	member("", 0xffffffff, 0);
	member("m", t.n + 1, 0);
}

static void a_function(void)
{
	uint32_t id = type("", FUNC_PROTO, 0, 0);

	type("zone", STRUCT, 1, 8);
	member("m", id, 0);
}

static void names_behind_the_strings(void)
{
	type("zone", STRUCT, 1, 8);
	word(0xfffffff0);
	word(1);
	word(0);
	word(0xfffffff0);	/* and a type's */
	word(STRUCT << 24);
	word(8);
	t.n++;
}

/* Each holds the next one 64 times: 64 to the power of 8 ways down. */
static void unnamed_in_unnamed_in_unnamed(void)
{
	uint32_t id = 1;

	for (int depth = 0; depth < 9; depth++) {
		uint32_t inner = id;

		id = type(depth == 8 ? "zone" : "", STRUCT, 64, 8);
		for (int i = 0; i < 64; i++)
			member("", inner, 0);
	}
}

/* And many that could be the one that is meant. */
static void thousands_of_the_same_name(void)
{
	uint32_t zone, id = type("", STRUCT, 2000, 8);

	for (int i = 0; i < 2000; i++)
		member("", id, 0);
	type("zone", STRUCT, 1, 8);
	member("", id, 0);
	memcpy(&zone, t.types + t.types_len - 24, 4);
	for (int i = 0; i < 3000; i++) {
		word(zone);
		word(STRUCT << 24 | 1);
		word(8);
		t.n++;
		member("", id, 0);
	}
}

static const struct {
	const char *row;
	void (*fill)(void);
} mazes[] = {
	{ "a typedef of itself", a_typedef_of_itself },
	{ "typedefs in a circle", typedefs_in_a_circle },
	{ "a struct inside itself", a_struct_inside_itself },
	{ "an array of itself", an_array_of_itself },
	{ "an array of 2^32 and more", an_array_of_more_than_there_can_be },
	{ "types that do not exist", types_that_do_not_exist },
	{ "a function", a_function },
	{ "names behind the strings", names_behind_the_strings },
	{ "unnamed in unnamed in unnamed", unnamed_in_unnamed_in_unnamed },
	{ "thousands of the same name", thousands_of_the_same_name },
};

static void test_mazes(void)
{
	for (size_t i = 0; i < T_SIZE(mazes); i++) {
		struct btf_want want = { "zone", "m", true, { 0, 0, 0 } };
		clock_t began = clock();
		size_t len;
		struct flat f;
		struct btf b;

		begin();
		integer("int", 4);
		mazes[i].fill();
		len = finish(24);
		flat_open(&f, t.whole, len);
		if (!T_CHECK(mazes[i].row, open_len(&b, &f, len)))
			continue;
		btf_find(&b, &want, 1);
		T_CHECK(mazes[i].row, !want.found);
		T_CHECK(mazes[i].row, clock() - began < 3 * CLOCKS_PER_SEC);
	}
}

static void test_lost_strings(void)
{
	struct btf_want want = { "outer", "first", true, { 0, 0, 0 } };
	size_t len;
	struct flat f;
	struct btf b;

	fill_good();
	len = finish(24);
	flat_open(&f, t.whole, len);
	f.bad_from = 24 + t.types_len;
	f.bad_to = len;
	T_CHECK("strings that cannot be read", open_len(&b, &f, len));
	btf_find(&b, &want, 1);
	T_CHECK("strings that cannot be read", !want.found);
}

int main(void)
{
	test_places(24);
	test_places(32);
	test_headers();
	test_mazes();
	test_lost_strings();
	return t_done();
}
