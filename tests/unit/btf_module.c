/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/btf and triage/module_types: a module's table, which names types and strings of the
 * kernel's, and that one which does not go on where the kernel's ends is not believed.
 */
#include "triage/module_types.h"

#include "base/arena.h"
#include "btf_table.h"
#include "kernel/btf_find.h"

#define MEMORY 0x4000u
#define MODULE_AT 0x1000u	/* its table */
#define LIST_AT 0x2000u		/* the list's head, entries 0x100 apart behind it */
#define BTF_AT 0x3000u		/* struct btf */
#define NAME_AT 0x3800u		/* struct module */

static uint8_t memory[MEMORY];
static size_t kernel_len, module_len;

static void put(uint32_t at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void make_tables(void)
{
	uint32_t number, pointer;

	memset(memory, 0, sizeof(memory));
	begin();
	number = integer("int", 4);
	type("shared", STRUCT, 2, 16);
	member("first", number, 0);
	member("second", number, 64);
	pointer = type("", PTR, 0, t.n);
	kernel_len = finish(24);
	memcpy(memory, t.whole, kernel_len);
	go_on();
	type("hash_cell", STRUCT, 3, 32);
	member("md", pointer, 64);
	member("inner", pointer - 1, 128);
	member("n", number, 0);
	type("after", TYPEDEF, 0, t.n);
	module_len = finish(24);
	memcpy(memory + MODULE_AT, t.whole, module_len);
}

/* One module, "other", and then "dm_mod". */
static void make_list(void)
{
	uint32_t start_string = t.base_strings;

	for (unsigned i = 0; i < 3; i++) {
		uint32_t at = LIST_AT + 0x100 * i, next = LIST_AT + 0x100 * ((i + 1) % 3);

		put(at, FLAT_BASE + next);
		put(next + 8, FLAT_BASE + at);
		put(at + 16, FLAT_BASE + NAME_AT + 64 * (i - 1));
		put(at + 24, i == 2 ? FLAT_BASE + BTF_AT : 0);
	}
	memcpy(memory + NAME_AT, "other", 6);
	memcpy(memory + NAME_AT + 64, "dm_mod", 7);
	put(BTF_AT, FLAT_BASE + MODULE_AT);
	put(BTF_AT + 8, module_len);
	put(BTF_AT + 12, 4);
	put(BTF_AT + 16, start_string);
}

static struct field of(int64_t off, int64_t size, int64_t n)
{
	return (struct field){ off, size, n };
}

static struct module_type_facts facts_here(void)
{
	return (struct module_type_facts){
		.head = (int64_t)(FLAT_BASE + LIST_AT), .list = of(0, 16, 1),
		.module = of(16, 8, 1), .btf = of(24, 8, 1), .data = of(0, 8, 1),
		.data_len = of(8, 4, 1), .start_id = of(12, 4, 1),
		.start_string = of(16, 4, 1), .name = of(0, 1, 56) };
}

static struct {
	int64_t md, second, n, shared;
} found;

static const struct wish wishes[] = {
	{ WISH_OFF, "hash_cell.md", 0 },
	{ WISH_OFF, "after.inner.second", 8 },
	{ WISH_SIZE, "hash_cell.n", 16 },
	{ WISH_OFF, "shared.first", 24 },
};

static const struct wish_set set = WISH_SET(wishes, found);

static bool fill(const char *module, struct arena *arena)
{
	static struct btf kernel;
	struct module_type_facts facts = facts_here();
	const struct wish_list lists[] = { { &set, &found }, { NULL, NULL } };
	struct module_types types = { .facts = &facts, .kernel = &kernel };
	struct flat f;
	bool ok;

	flat_open(&f, memory, sizeof(memory));
	types.space = &f.space;
	T_CHECK("the kernel's", open_len(&kernel, &f, kernel_len));
	memset(&found, 0x55, sizeof(found));
	ok = module_types_fill(&types, module, lists, arena);
	T_EQUAL("the arena is as before", 0, arena_mark(arena));
	return ok;
}

static void test_found(struct arena *arena)
{
	make_tables();
	make_list();
	T_CHECK("is there", fill("dm_mod", arena));
	T_EQUAL("a member of its own", 8, found.md);
	T_EQUAL("a member of the kernel's type in it", 24, found.second);
	T_EQUAL("the kernel's number", 4, found.n);
	T_EQUAL("the kernel's own types are not searched", ABSENT, found.shared);
}

static void test_refused(struct arena *arena)
{
	static const struct {
		const char *row;
		uint32_t at;
		uint64_t value;
	} rows[] = {
		{ "another kernel's types: ids", BTF_AT + 12, 5 },
		{ "another kernel's types: strings", BTF_AT + 16, 1 },
		{ "no bytes", BTF_AT + 8, 4ULL << 32 },
		{ "4 GiB", BTF_AT + 8, 4ULL << 32 | 0xffffffff },
		{ "nowhere", BTF_AT, 0x1234 },
		{ "another magic", MODULE_AT, 0 },
		{ "the list does not point back", LIST_AT + 0x108, 0 },
		{ "the list leads nowhere", LIST_AT + 0x100, 8 },
	};
	int64_t as_it_was;

	memset(&as_it_was, 0x55, sizeof(as_it_was));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_tables();
		make_list();
		put(rows[i].at, rows[i].value);
		T_CHECK(rows[i].row, !fill("dm_mod", arena));
		T_EQUAL(rows[i].row, as_it_was, found.md);
	}
	make_tables();
	make_list();
	T_CHECK("no such module", !fill("sunrpc", arena));
	T_CHECK("one without types", !fill("other", arena));
}

int main(void)
{
	struct arena arena;
	struct err e;

	if (!arena_init(&arena, 1 << 20, &e))
		return 1;
	test_found(&arena);
	test_refused(&arena);
	arena_deinit(&arena);
	return t_done();
}
