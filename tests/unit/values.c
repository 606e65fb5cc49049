/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/poison, values: what a number is that lies nowhere. */
#include "triage/values.h"

#include "triage/poison.h"
#include "t.h"

static const struct {
	const char *row;
	uint64_t value;
	const char *register_is, *address_is;
} values[] = {
	{ "nothing", 0, "", "NULL + 0" },
	{ "a member of nothing", 0x2c, "", "NULL + 0x2c" },
	{ "the last of its page", 0xfff, "", "NULL + 0xfff" },
	{ "a number", 0x1000, "", "an address of user mode" },
	{ "an address of user mode", 0x7ffd12345678, "", "an address of user mode" },
	{ "-1", UINT64_MAX, "", "" },
	{ "an error number", -2ULL, "-ENOENT ?", "-ENOENT ?" },
	{ "the last with a name", -529ULL, "-EIOCBQUEUED ?", "-EIOCBQUEUED ?" },
	{ "one without a name", -4095ULL, "", "" },
	{ "no error number", -4096ULL, "", "" },
	{ "LIST_POISON1", 0xdead000000000100,
	  "LIST_POISON1: a list entry that was already removed",
	  "LIST_POISON1: a list entry that was already removed" },
	{ "between the two", 0xdead000000000108,
	  "LIST_POISON1 + 0x8: a list entry that was already removed",
	  "LIST_POISON1 + 0x8: a list entry that was already removed" },
	{ "LIST_POISON2", 0xdead000000000122,
	  "LIST_POISON2: a list entry that was already removed",
	  "LIST_POISON2: a list entry that was already removed" },
	{ "below both", 0xdead0000000000ff, "", "" },
	{ "freed", 0x6b6b6b6b6b6b6b6b, "slab poison: an object that was freed",
	  "slab poison: an object that was freed" },
	{ "a member of it", 0x6b6b6b6b6b6b6b7b,
	  "slab poison + 0x10: an object that was freed",
	  "slab poison + 0x10: an object that was freed" },
	{ "too far behind it", 0x6b6b6b6b6b6b7b6b, "characters \"k{kkkkkk\"",
	  "characters \"k{kkkkkk\"" },
	{ "text", 0x3632312e30312031, "characters \"1 10.126\"",
	  "characters \"1 10.126\"" },
	{ "a kernel's address, of which nothing is known", 0xffffffff81000000, "", "" },
};

static void test_values(void)
{
	struct values nothing = { .space = NULL };
	char text[VALUE_TEXT];

	for (size_t i = 0; i < T_SIZE(values); i++) {
		bool is = value_text(&nothing, values[i].value, text);

		T_TEXT(values[i].row, values[i].register_is, text);
		T_EQUAL(values[i].row, values[i].register_is[0] != '\0', is);
		address_text(&nothing, values[i].value, text);
		T_TEXT(values[i].row, values[i].address_is, text);
	}
}

static void test_errors(void)
{
	T_TEXT("the first", "EPERM", error_name(1));
	T_TEXT("12", "ENOMEM", error_name(12));
	T_TEXT("the last of the first", "ELOOP", error_name(40));
	T_TEXT("none", "", error_name(0));
	T_TEXT("below", "", error_name(-1));
	T_TEXT("behind", "", error_name(41));
	T_EQUAL("a pointer", 0, error_number(0xffff800000000000));
	T_EQUAL("-12", 12, error_number(-12ULL));
	T_EQUAL("the largest", 4095, error_number(-4095ULL));
}

static void test_slabs(void)
{
	static const struct {
		const char *row;
		struct slab_shape shape;
		uint64_t at;
		int64_t off;	/* -1: in no object */
	} rows[] = {
		{ "the first byte", { 192, 0, 21, 4096 }, 0, 0 },
		{ "in the second", { 192, 0, 21, 4096 }, 200, 8 },
		{ "the last byte of the last", { 192, 0, 21, 4096 }, 4031, 191 },
		{ "the rest behind it", { 192, 0, 21, 4096 }, 4032, -1 },
		{ "in the rest", { 192, 0, 21, 4096 }, 4040, -1 },
		{ "a smaller slab than the cache's usual", { 192, 0, 42, 4096 }, 4040, -1 },
		{ "a larger one than its objects fill", { 192, 0, 20, 4096 }, 3840, -1 },
		{ "of several pages", { 192, 0, 42, 8192 }, 4040, 8 },
		{ "the border in front", { 256, 64, 16, 4096 }, 256 + 63, -1 },
		{ "behind the border", { 256, 64, 16, 4096 }, 256 + 64, 0 },
		{ "nothing but border", { 64, 64, 64, 4096 }, 63, -1 },
		{ "no size", { 0, 0, 64, 4096 }, 0, -1 },
		{ "no objects", { 64, 0, 0, 4096 }, 0, -1 },
		{ "a size that is none", { 1ULL << 25, 0, 1, UINT64_MAX }, 0, -1 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint64_t off = 0;
		bool is = slab_place(&rows[i].shape, rows[i].at, &off);

		T_EQUAL(rows[i].row, rows[i].off, is ? (int64_t)off : -1);
	}
}

int main(void)
{
	test_slabs();
	test_values();
	test_errors();
	return t_done();
}
