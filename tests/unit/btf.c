/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/btf on tables written here word by word, as Linux Documentation/bpf/btf.rst has
 * them: what a member's place is through unnamed parts, typedefs and arrays, and what
 * tables that are cut off or of a newer kind give.
 */
#include "btf_table.h"
#include "kernel/btf_find.h"

#define ABSENT_MEMBER UINT32_MAX

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
	type("", ENUM | KFLAG, 2, 4);
	word(name("UNNAMED_FIVE"));
	word(5);
	word(name("UNNAMED_SIX"));
	word(6);
	type("unsigned_enum", ENUM, 1, 4);
	word(name("ALL"));
	word(0xffffffff);
	id = type("", STRUCT, 2, 8);
	member("first", int_id, 0);
	member("second", int_id, 32);
	type("unnamed_t", TYPEDEF, 0, id);
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
	uint32_t inner = type("", STRUCT, 2, 8), both, named, old,
		 array_of_named;

	member("a", int_id, 0);
	member("b", int_id, 32);
	both = type("", UNION, 2, 8);
	member("", inner, 0);
	member("both", u64, 0);
	old = integer("old_bits", 4);
	memcpy(t.types + t.types_len - 4, &(uint32_t){ 2 << 0 | 1 << 16 }, 4);
	named = type("named", STRUCT | KFLAG, 3, 8);
	member("hidden", int_id, BITS(0, 0));
	member("three", int_id, BITS(42, 3));
	member("old", old, BITS(44, 0));

	array_of_named = array(named, int_id, 2);
	type("outer", STRUCT | KFLAG, 10, 400);
	member("first", int_id, BITS(0, 0));
	member("flag", int_id, BITS(32, 3));
	member("byte_flag", int_id, BITS(40, 8));
	member("", both, BITS(128, 0));
	member("rows", rows, BITS(192, 0));
	member("pointer", void_ptr, BITS(960, 0));
	member("part", named, BITS(1024, 0));
	member("parts", array_of_named, BITS(1088, 0));
	member("odd", int_id, BITS(1057, 0));
	member("tail", flexible, BITS(3200, 0));
}

/* m1 has an m, that is m0, which has an m and so on, and the last one an end. */
static void fill_chain(uint32_t int_id)
{
	uint32_t id = type("", STRUCT, 1, 4);

	member("end", int_id, 0);
	for (int i = 6; i >= 0; i--) {
		id = type(i ? "m" : "m0", STRUCT, 1, 4);
		member("m", id - 1, 0);
	}
	type("m1", STRUCT, 1, 4);
	member("m", id, 0);
}

static void fill_good(void)
{
	uint32_t int_id, long_id;

	begin();
	int_id = integer("int", 4);
	long_id = integer("unsigned long", 8);
	fill_kinds(int_id);
	fill_outer(int_id, long_id);
	fill_chain(int_id);
	type("migratetype", ENUM | KFLAG, 3, 4);
	word(name("MIGRATE_NONE"));
	word(0xffffffff);
	word(name("MIGRATE_HUGE"));
	word(0xfffffffe);
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
	const char *row, *path;
	uint32_t off, size, n;	/* off ABSENT_MEMBER: is not found */
	uint8_t bit, width;
	int64_t value;
} places[] = {
	{ "the first member", "outer.first", 0, 4, 1, 0, 0, 0 },
	{ "a bit field", "outer.flag", 4, 4, 1, 0, 3, 0 },
	{ "a bit field of a whole byte", "outer.byte_flag", 5, 4, 1, 0, 8, 0 },
	{ "not at a byte", "outer.odd", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "in an unnamed union", "outer.both", 16, 8, 1, 0, 0, 0 },
	{ "in a struct in an unnamed union", "outer.b", 20, 4, 1, 0, 0, 0 },
	{ "in a named struct", "outer.hidden", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a named struct", "outer.part", 128, 8, 1, 0, 0, 0 },
	{ "an array of arrays of a typedef of const", "outer.rows", 24, 8, 12, 0, 0, 0 },
	{ "a pointer", "outer.pointer", 120, 8, 1, 0, 0, 0 },
	{ "an array without a length", "outer.tail", 400, 4, 0, 0, 0, 0 },
	{ "no such member", "outer.second", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "only the start of a name", "outer.firs", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "no such type", "inner.a", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a size", "outer", 0, 400, 1, 0, 0, 0 },
	{ "a size, not of what is only announced", "zone", 0, 1664, 1, 0, 0, 0 },
	{ "a value of an enum", "migratetype.MIGRATE_PCPTYPES", 0, 4, 1, 0, 0, 3 },
	{ "no such value", "migratetype.MIGRATE_CMA", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "the last of very many", "wide.last", 279996, 8, 1, 0, 0, 0 },
	{ "behind very many", "behind.x", 0, 4, 1, 0, 0, 0 },
	{ "in the named struct", "outer.part.hidden", 128, 4, 1, 0, 0, 0 },
	{ "a bit field that is not at a byte", "outer.part.three", 133, 4, 1, 2, 3, 0 },
	{ "an old bit field", "outer.part.old", 133, 4, 1, 5, 2, 0 },
	{ "behind an array's first element", "outer.parts.hidden", 136, 4, 1, 0, 0, 0 },
	{ "a path through a bit field", "outer.flag.x", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a path through a pointer", "outer.pointer.x", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a path that ends in a dot", "outer.part.", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a path of two dots", "outer..part", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "eight members", "m0.m.m.m.m.m.m.m.end", 0, 4, 1, 0, 0, 0 },
	{ "nine members", "m1.m.m.m.m.m.m.m.m.end", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a typedef of an unnamed struct", "unnamed_t", 0, 8, 1, 0, 0, 0 },
	{ "a member of it", "unnamed_t.second", 4, 4, 1, 0, 0, 0 },
	{ "a negative value", "migratetype.MIGRATE_NONE", 0, 4, 1, 0, 0, -1 },
	{ "a large value", "migratetype.MIGRATE_HUGE", 0, 4, 1, 0, 0, -2 },
	{ "a value that has no sign", "unsigned_enum.ALL", 0, 4, 1, 0, 0, 0xffffffff },
	{ "a value of 64 bits", "big.BIG", 0, 8, 1, 0, 0, 0x200000001 },
	{ "an enum's size", "migratetype", 0, 4, 1, 0, 0, 0 },
	{ "a value of an unnamed enum", ".UNNAMED_SIX", 0, 4, 1, 0, 0, 6 },
	{ "no value of an unnamed enum", ".MIGRATE_PCPTYPES", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a function", "f()", 0, 0, 1, 0, 0, 0 },
	{ "no function", "zone()", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "a function is no type", "f", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
	{ "no struct", "u64", ABSENT_MEMBER, 0, 0, 0, 0, 0 },
};

static void test_places(uint32_t header_len)
{
	struct btf_want wants[T_SIZE(places) + 1];
	size_t len;
	struct flat f;
	struct btf b;

	fill_good();
	len = finish(header_len);
	flat_open(&f, t.whole, len);
	T_CHECK("a good table", open_len(&b, &f, len));
	T_EQUAL("types", t.n, b.n_types);
	for (size_t i = 0; i < T_SIZE(places); i++)
		wants[i] = (struct btf_want){ .path = places[i].path, .found = true };
	wants[T_SIZE(places)].path = NULL;
	btf_find(&b, wants);
	for (size_t i = 0; i < T_SIZE(places); i++) {
		bool wanted = places[i].off != ABSENT_MEMBER;

		T_EQUAL(places[i].row, wanted, wants[i].found);
		if (!wanted || !wants[i].found)
			continue;
		T_EQUAL(places[i].row, places[i].off, wants[i].field.off);
		T_EQUAL(places[i].row, places[i].size, wants[i].field.size);
		T_EQUAL(places[i].row, places[i].n, wants[i].field.n);
		T_EQUAL(places[i].row, places[i].bit, wants[i].field.bit);
		T_EQUAL(places[i].row, places[i].width, wants[i].field.width);
		T_EQUAL(places[i].row, places[i].value, wants[i].field.value);
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

/* A kind of the future: 4 bytes and 8 for each part, if the table says so. */
static void test_newer_kind(void)
{
	struct btf_want wants[] = { { .path = "behind.x" }, { .path = "behind.n" },
				    { .path = NULL } };
	uint32_t id, at;
	struct flat f;
	struct btf b;
	size_t len;

	begin();
	integer("int", 4);
	id = type("newer", KIND_20, 2, 0);
	for (int i = 0; i < 5; i++)
		word(0xffffffff);
	type("behind", STRUCT, 2, 12);
	member("n", id, 0);
	member("x", 1, 64);
	len = finish(32);
	flat_open(&f, t.whole, len);
	T_CHECK("a newer kind, of no told length", !open_len(&b, &f, len));
	at = len - 32;
	memcpy(t.whole + 24, &at, 4);
	memcpy(t.whole + 28, &(uint32_t){ 21 * 4 }, 4);
	t.whole[len + 20 * 4] = 4;
	t.whole[len + 20 * 4 + 1] = 8;
	len += 21 * 4;
	flat_open(&f, t.whole, len);
	T_CHECK("a newer kind", open_len(&b, &f, len));
	btf_find(&b, wants);
	T_CHECK("what is behind a newer kind", wants[0].found);
	T_EQUAL("what is behind a newer kind", 8, wants[0].field.off);
	T_CHECK("what is of a newer kind", !wants[1].found);
}

/* So many that marks have to be taken out again. */
static void test_marks(void)
{
	struct flat f;
	struct btf b;
	struct btf_type type_of;
	size_t len;

	begin();
	for (uint32_t i = 0; i < 5000; i++)
		type("", i % 2 ? PTR : RESTRICT, 0, i + 1);
	len = finish(24);
	flat_open(&f, t.whole, len);
	T_CHECK("5000 types", open_len(&b, &f, len));
	T_EQUAL("5000 types", 8, b.stride);
	for (uint32_t id = 1; id <= 5000; id++)
		T_CHECK("each is found", btf_type(&b, id, &type_of) &&
					 type_of.size_or_type == id && type_of.id == id);
	T_CHECK("none before", !btf_type(&b, 0, &type_of));
	T_CHECK("none behind", !btf_type(&b, 5001, &type_of));
}

static void test_members(void)
{
	struct btf_want wants[] = { { .path = "named" }, { .path = "migratetype" },
				    { .path = "outer" }, { .path = NULL } };
	struct btf_member m;
	size_t len;
	struct flat f;
	struct btf b;

	fill_good();
	len = finish(24);
	flat_open(&f, t.whole, len);
	T_CHECK("open", open_len(&b, &f, len));
	btf_find(&b, wants);
	T_CHECK("member 1", btf_member(&b, wants[0].field.id, 1, &m));
	T_TEXT("its name", "three", m.name);
	T_EQUAL("its place", 5, m.field.off);
	T_EQUAL("its bits", 3, m.field.width);
	T_CHECK("three members", !btf_member(&b, wants[0].field.id, 3, &m));
	T_CHECK("enumerator 2", btf_member(&b, wants[1].field.id, 2, &m));
	T_TEXT("its name", "MIGRATE_PCPTYPES", m.name);
	T_EQUAL("its value", 3, m.field.value);
	T_CHECK("an unnamed member", btf_member(&b, wants[2].field.id, 3, &m));
	T_TEXT("no name", "", m.name);
	T_EQUAL("the place of all of it", 16, m.field.off);
	T_CHECK("what is in it", btf_member(&b, m.field.id, 1, &m));
	T_TEXT("what is in it", "both", m.name);
	T_CHECK("no members of an int", !btf_member(&b, 1, 0, &m));
}

static void test_lost_strings(void)
{
	struct btf_want wants[] = { { .path = "outer.first" }, { .path = NULL } };
	size_t len;
	struct flat f;
	struct btf b;

	fill_good();
	len = finish(24);
	flat_open(&f, t.whole, len);
	f.bad_from = 24 + t.types_len;
	f.bad_to = len;
	T_CHECK("strings that cannot be read", open_len(&b, &f, len));
	btf_find(&b, wants);
	T_CHECK("strings that cannot be read", !wants[0].found);
}

int main(void)
{
	test_places(24);
	test_places(32);
	test_headers();
	test_newer_kind();
	test_marks();
	test_members();
	test_lost_strings();
	return t_done();
}
