/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/hwerr and triage/livepatches on made-up memory. */
#include "triage/hwerr.h"

#include "flat.h"
#include "t.h"
#include "triage/livepatches.h"

enum { TABLE = 0x100, HEAD = 0x200, PATCH = 0x300, MODULE = 0x400, LEN = 0x800,
       ENTRY_LEN = 16 };

static uint8_t memory[LEN];

static void put(unsigned at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static struct field at(int64_t off, int64_t size)
{
	return (struct field){ off, size, 1 };
}

static void test_errors(void)
{
	struct hwerr_facts facts = { .table = (int64_t)(FLAT_BASE + TABLE),
				     .entry_len = ENTRY_LEN, .kinds = { 0, 1, 2, 3, 4 },
				     .count = at(0, 4), .time = at(8, 8) };
	struct hwerr found[HWERR_KINDS];
	struct flat f;

	memset(memory, 0, sizeof(memory));
	flat_open(&f, memory, sizeof(memory));
	T_EQUAL("none", 0, hwerr_read(&f.space, &facts, found));
	put(TABLE + ENTRY_LEN, 3);
	put(TABLE + ENTRY_LEN + 8, 1790000000);
	put(TABLE + 4 * ENTRY_LEN, 0x80000000);
	T_EQUAL("one kind; a count below zero is none", 1,
		hwerr_read(&f.space, &facts, found));
	T_TEXT("its name", "memory", hwerr_name(found[0].kind));
	T_EQUAL("how many", 3, found[0].n);
	T_EQUAL("the last", 1790000000, found[0].last);
	facts.kinds[HWERR_MEMORY] = 1 << 20;
	T_EQUAL("an entry behind the table", 0, hwerr_read(&f.space, &facts, found));
	facts.kinds[HWERR_MEMORY] = 1;
	facts.table = ABSENT;
	T_EQUAL("a kernel that does not count", 0, hwerr_read(&f.space, &facts, found));
}

static void make_patch(void)
{
	memset(memory, 0, sizeof(memory));
	put(HEAD, FLAT_BASE + PATCH);
	put(HEAD + 8, FLAT_BASE + PATCH);
	put(PATCH, FLAT_BASE + HEAD);
	put(PATCH + 8, FLAT_BASE + HEAD);
	put(PATCH + 16, FLAT_BASE + MODULE);
	put(PATCH + 24, 1);
}

static void test_patches(void)
{
	static const struct {
		const char *row;
		unsigned at;
		uint64_t value, taints;
		unsigned n;
	} rows[] = {
		{ "as it is", LEN - 8, 0, 1 << 15, 1 },
		{ "the module is none that patches", LEN - 8, 0, 1 << 12, 0 },
		{ "of no module", PATCH + 16, FLAT_BASE + 8, 1 << 15, 0 },
		{ "the list does not point back", PATCH + 8, 0, 1 << 15, 0 },
		{ "the list leads nowhere", HEAD, 8, 1 << 15, 0 },
		{ "it goes round", PATCH, FLAT_BASE + PATCH, 1 << 15, 1 },
	};
	const struct livepatch_facts facts = {
		.head = (int64_t)(FLAT_BASE + HEAD), .list = at(0, 16), .module = at(16, 8),
		.enabled = at(24, 1) };
	struct livepatch list[LIVEPATCHES_MAX];
	struct module module = { .name = "fix_it", .at = FLAT_BASE + MODULE };
	struct modules modules = { .list = &module, .n = 1 };
	struct flat f;

	flat_open(&f, memory, sizeof(memory));
	modules.space = &f.space;
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_patch();
		put(rows[i].at, rows[i].value);
		module.taints = rows[i].taints;
		T_EQUAL(rows[i].row, rows[i].n, livepatches_read(&modules, &facts, list));
		if (!rows[i].n)
			continue;
		T_TEXT(rows[i].row, "fix_it", list[0].name);
		T_CHECK(rows[i].row, list[0].is_enabled);
	}
}

int main(void)
{
	test_errors();
	test_patches();
	return t_done();
}
