/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel/btf_find on tables that are cyclic, huge or lead nowhere: nothing is found, soon. */
#include <time.h>

#include "btf_table.h"
#include "kernel/btf_find.h"

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

int main(void)
{
	for (size_t i = 0; i < T_SIZE(mazes); i++) {
		struct btf_want wants[] = { { .path = "zone.m", .found = true },
					    { .path = NULL } };
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
		btf_find(&b, wants);
		T_CHECK(mazes[i].row, !wants[0].found);
		T_CHECK(mazes[i].row, clock() - began < 3 * CLOCKS_PER_SEC);
	}
	return t_done();
}
