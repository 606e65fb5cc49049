/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/memgroups: which groups of a task are full, in made-up and damaged memory. */
#include "triage/memgroups.h"

#include "flat.h"
#include "t.h"

enum { TASK = 0x100, SET = 0x200, OWN = 0x300, ABOVE = 0x400, ROOT = 0x500, GROUP = 0x600,
       NODE = 0x700, TOP = 0x780, NAME = 0x800, LEN = 0x1000, USAGE = 64, MAX = 72 };
#define UNLIMITED (INT64_MAX >> 12)

static uint8_t memory[LEN];

static void make_group(unsigned at, unsigned above, uint64_t usage, uint64_t max)
{
	flat_put_at(memory, at, GROUP);		/* .cgroup */
	flat_put(memory, at + 8, above ? FLAT_BASE + above : 0);
	flat_put(memory, at + USAGE, usage);
	flat_put(memory, at + MAX, max);
}

static void make_memory(void)
{
	memset(memory, 0, sizeof(memory));
	flat_put_at(memory, TASK, SET);
	flat_put_at(memory, SET + 4 * 8, OWN);
	make_group(OWN, ABOVE, 100, UNLIMITED);
	make_group(ABOVE, ROOT, 16384, 16384);
	make_group(ROOT, 0, 90000, UNLIMITED);
	flat_put_at(memory, GROUP, NODE);
	flat_put_at(memory, NODE, NAME);
	flat_put_at(memory, NODE + 8, TOP);
	flat_put_at(memory, TOP, NAME);
	memcpy(memory + NAME, "lab.slice", 10);
}

static void read_memory(struct memgroups *g)
{
	static const struct memgroup_facts facts = {
		.which = 4, .states = { 0, 8, 14 }, .task_set = flat8(0), .node = flat8(0),
		.cgroup = flat8(0), .parent = flat8(8), .css = flat8(0), .usage = flat8(USAGE),
		.max = flat8(MAX) };
	static struct path_facts paths;
	static struct flat f;

	flat_open(&f, memory, sizeof(memory));
	flat_absent(&paths, sizeof(paths));
	paths.node_name = flat8(0);
	paths.node_parent = flat8(8);
	*g = (struct memgroups){ .space = &f.space, .facts = &facts, .paths = &paths,
				 .page_shift = 12 };
	memgroups_add(g, FLAT_BASE + TASK);
	memgroups_add(g, FLAT_BASE + TASK);
}

static void test_rows(void)
{
	static const struct {
		const char *row;
		unsigned at;
		uint64_t value;
		unsigned n;
	} rows[] = {
		{ "one is full, and told once", LEN - 8, 0, 1 },
		{ "nearly full", ABOVE + USAGE, 16000, 1 },
		{ "not full", ABOVE + USAGE, 15000, 0 },
		{ "without a limit", ABOVE + MAX, UNLIMITED, 0 },
		{ "which may have nothing", ABOVE + MAX, 0, 0 },
		{ "more than there can be", ABOVE + USAGE, 1ULL << 60, 0 },
		{ "twice as much as it may", ABOVE + USAGE, 32768, 1 },
		{ "more than that", ABOVE + USAGE, 32769, 0 },
		{ "its own is one that is not there", SET + 4 * 8, 8, 0 },
		{ "no set", TASK, 8, 0 },
		{ "in a circle", ABOVE + 8, FLAT_BASE + OWN, 1 },
		{ "without a name", GROUP, 8, 0 },
	};
	static struct memgroups g;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make_memory();
		flat_put(memory, rows[i].at, rows[i].value);
		read_memory(&g);
		T_EQUAL(rows[i].row, rows[i].n, g.n);
	}
	make_memory();
	read_memory(&g);
	T_TEXT("its path", "/lab.slice", g.list[0].path);
	T_EQUAL("what it may have", 64 << 20, g.list[0].max);
}

int main(void)
{
	test_rows();
	return t_done();
}
