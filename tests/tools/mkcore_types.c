/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types = N: the crashed kernel carries a symbol table (kallsyms), a type table (BTF) and
 * what they lead to: N memory nodes with three zones each, per-CPU areas, tasks. Members
 * lie where no real kernel has them, so that who guesses is found out. Numbers of lists
 * and names of members are those of the layout; up to 5.x there are no keys for kallsyms,
 * unless backport = 1 says that the distribution has added them.
 * Labels: each symbol, btf, kallsyms_names, node:N, zone:NODE:N, percpu:CPU.
 */
#include "mkcore.h"
#include "mkcore_types.h"

#include <stdio.h>
#include <string.h>

#define TABLE_MAX 8192

/* ---- BTF --------------------------------------------------------------------- */

enum { INT = 1, PTR, ARRAY, STRUCT, UNION, ENUM };

struct btf {
	uint8_t types[TABLE_MAX], strings[TABLE_MAX];
	size_t types_len, strings_len;
	unsigned n;
};

static void word(struct btf *b, uint32_t v)
{
	if (b->types_len + 4 > TABLE_MAX)
		die("no room for types");
	put(b->types + b->types_len, v, 4);
	b->types_len += 4;
}

static uint32_t string(struct btf *b, const char *s)
{
	size_t at = b->strings_len, len = strlen(s) + 1;

	if (len == 1)
		return 0;
	if (at + len > TABLE_MAX)
		die("no room for strings");
	memcpy(b->strings + at, s, len);
	b->strings_len += len;
	return at;
}

static unsigned type(struct btf *b, const char *name, unsigned kind, unsigned n, uint32_t size)
{
	word(b, string(b, name));
	word(b, kind << 24 | n);
	word(b, size);
	return ++b->n;
}

static void member(struct btf *b, const char *name, unsigned id, unsigned off)
{
	word(b, string(b, name));
	word(b, id);
	word(b, off * 8);
}

static unsigned array(struct btf *b, unsigned id, unsigned index, unsigned n)
{
	unsigned ret = type(b, "", ARRAY, 0, 0);

	word(b, id);
	word(b, index);
	word(b, n);
	return ret;
}

static unsigned integer(struct btf *b, const char *name, unsigned size)
{
	unsigned ret = type(b, name, INT, 0, size);

	word(b, size * 8);
	return ret;
}

static void zone_types(struct core *c, struct btf *b, unsigned number, unsigned list)
{
	unsigned ptr = type(b, "", PTR, 0, 0), word8 = integer(b, "long", 8);
	unsigned pcp, zone, zones, lists;
	bool old = c->k->n_pcp_lists == 3;

	lists = array(b, list, number, c->k->n_pcp_lists);
	pcp = type(b, "per_cpu_pages", STRUCT, 3, PCP_LISTS + 16 * c->k->n_pcp_lists);
	member(b, "high", number, 0);
	member(b, "count", number, PCP_COUNT);
	member(b, "lists", lists, PCP_LISTS);
	if (old) {
		type(b, "per_cpu_pageset", STRUCT, 1, PCP_LISTS + 16 * 3 + 8);
		member(b, "pcp", pcp, 0);
	}
	zone = type(b, "zone", STRUCT, 4, ZONE_SIZE);
	member(b, "node", number, 0);
	member(b, "zone_start_pfn", word8, ZONE_START);
	member(b, "spanned_pages", word8, ZONE_SPANNED);
	member(b, old ? "pageset" : "per_cpu_pageset", ptr, ZONE_PAGESET);
	zones = array(b, zone, number, N_ZONES);
	type(b, "pglist_data", STRUCT, 1, NODE_SIZE);
	member(b, "node_zones", zones, NODE_ZONES);
	type(b, "migratetype", ENUM, 3, 4);
	word(b, string(b, "MIGRATE_UNMOVABLE"));
	word(b, 0);
	word(b, string(b, "MIGRATE_PCPTYPES"));
	word(b, N_PCP_TYPES);
	word(b, string(b, "MIGRATE_HIGHATOMIC"));
	word(b, N_PCP_TYPES);
}

/* Some members stand in unnamed structures, as the kernel's do. */
static void task_types(struct btf *b, unsigned number, unsigned list)
{
	unsigned ptr = type(b, "", PTR, 0, 0), inner, ids;
	unsigned comm = array(b, integer(b, "char", 1), number, COMM_SIZE);

	type(b, "rq", STRUCT, 1, 64);
	member(b, "curr", ptr, RQ_CURR);
	inner = type(b, "", STRUCT, 1, 64);
	member(b, "pgd", ptr, MM_PGD - 8);
	type(b, "mm_struct", STRUCT, 1, 72);
	member(b, "", inner, 8);
	type(b, "signal_struct", STRUCT, 1, 64);
	member(b, "thread_head", list, SIGNAL_THREADS);
	ids = type(b, "", UNION, 2, 8);
	member(b, "pid", number, 0);
	member(b, "pid_again", number, 0);
	type(b, "task_struct", STRUCT, 7, TASK_SIZE);
	member(b, "", ids, TASK_PID);
	member(b, "tgid", number, TASK_TGID);
	member(b, "comm", comm, TASK_COMM);
	member(b, "tasks", list, TASK_TASKS);
	member(b, "thread_node", list, TASK_NODE);
	member(b, "mm", ptr, TASK_MM);
	member(b, "signal", ptr, TASK_SIGNAL);
}

static void btf_create(struct core *c)
{
	static struct btf b = { .strings_len = 1 };
	unsigned number = integer(&b, "int", 4), list;
	uint64_t at;
	uint8_t *p;

	list = type(&b, "list_head", STRUCT, 2, 16);
	member(&b, "next", list + 1, 0);
	member(&b, "prev", list + 1, 8);
	type(&b, "", PTR, 0, list);
	zone_types(c, &b, number, list);
	task_types(&b, number, list);
	at = image_alloc(c, "__start_BTF", 24 + b.types_len + b.strings_len, 8);
	label_add(c, "btf", at);
	label_add(c, "__stop_BTF", at + 24 + b.types_len + b.strings_len);
	p = mem_at(c, at, 24 + b.types_len + b.strings_len);
	put(p, 0x1eb9f, 4);
	put(p + 4, 24, 4);
	put(p + 12, b.types_len, 4);
	put(p + 16, b.types_len, 4);
	put(p + 20, b.strings_len, 4);
	memcpy(p + 24, b.types, b.types_len);
	memcpy(p + 24 + b.types_len, b.strings, b.strings_len);
}

/* ---- kallsyms ---------------------------------------------------------------- */

static const char *const symbols[] = {
	"_stext", "__start_BTF", "__stop_BTF", "__per_cpu_offset", "nr_cpu_ids",
	"__cpu_possible_mask", "panic_cpu", "crash_notes", "init_task",
	"node_data",
	"runqueues",	/* per-CPU, and so only in the tables that can say it */
};
#define N_SYMBOLS (sizeof(symbols) / sizeof(symbols[0]))

/* Token 1 is "cpu", all others one letter. */
static uint64_t tokens_create(struct core *c)
{
	uint64_t table = image_alloc(c, "kallsyms_token_table", 1024, 8);
	uint64_t index = image_alloc(c, "kallsyms_token_index", 512, 8);
	uint8_t *p = mem_at(c, table, 1024);
	unsigned at = 0;

	for (unsigned i = 0; i < 256; i++) {
		put(mem_at(c, index + 2 * i, 2), at, 2);
		at += snprintf((char *)p + at, 8, i == 1 ? "cpu" : "%c",
			       i > ' ' && i < 127 ? (char)i : '?') + 1;
	}
	return table;
}

static void name_put(uint8_t **p, const char *name)
{
	uint8_t *len = (*p)++;

	*(*p)++ = 'D';
	while (*name) {
		bool cpu = strncmp(name, "cpu", 3) == 0;

		*(*p)++ = cpu ? 1 : *name;
		name += cpu ? 3 : 1;
	}
	*len = *p - len - 1;
}

static uint32_t encode(const struct core *c, uint64_t vaddr, uint64_t entry)
{
	switch (c->k->kallsyms) {
	case KALLSYMS_BASE:
		return vaddr - c->text_vaddr;
	case KALLSYMS_PLACE:
		return vaddr - entry;
	default:
		return c->text_vaddr - 1 - vaddr;
	}
}

static void kallsyms_create(struct core *c)
{
	static const char *const keys[] = {
		"kallsyms_names", "kallsyms_num_syms", "kallsyms_token_table",
		"kallsyms_token_index", "kallsyms_offsets", "kallsyms_relative_base",
	};
	uint64_t offsets = image_alloc(c, "kallsyms_offsets", N_SYMBOLS * 4, 8);
	uint64_t base = image_alloc(c, "kallsyms_relative_base", 8, 8);
	uint64_t num = image_alloc(c, "kallsyms_num_syms", 8, 8), paddr;
	uint8_t *names = mem_at(c, image_alloc(c, "kallsyms_names", 512, 8), 512);
	size_t n = N_SYMBOLS - (c->k->kallsyms != KALLSYMS_PERCPU);

	tokens_create(c);
	put(mem_at(c, base, 8), c->text_vaddr, 8);
	put(mem_at(c, num, 4), n, 4);
	for (size_t i = 0; i < n; i++) {
		uint64_t entry = offsets + 4 * i;

		name_put(&names, symbols[i]);
		if (label_find(c, symbols[i], &paddr))
			put(mem_at(c, entry, 4),
			    encode(c, image_vaddr(c, paddr), image_vaddr(c, entry)), 4);
		else
			put(mem_at(c, entry, 4), PER_CPU_BASE + RQ, 4);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char key[64];

		if ((c->k->kallsyms == KALLSYMS_NONE && !c->backport) ||
		    (c->k->kallsyms == KALLSYMS_PLACE && strstr(keys[i], "base")))
			continue;
		label_find(c, keys[i], &paddr);
		snprintf(key, sizeof(key), "SYMBOL(%s)", keys[i]);
		info_set(c, key, "%lx", image_vaddr(c, paddr));
	}
}

/* ---- what they lead to ------------------------------------------------------- */

static void cpus_create(struct core *c)
{
	uint64_t offsets = image_alloc(c, "__per_cpu_offset", 8UL * c->cpus, 8);
	uint64_t possible = image_alloc(c, "__cpu_possible_mask", 128, 8);

	put(mem_at(c, image_alloc(c, "nr_cpu_ids", 4, 4), 4), c->cpus, 4);
	put(mem_at(c, image_alloc(c, "panic_cpu", 4, 4), 4), c->panic_cpu, 4);
	put(mem_at(c, image_alloc(c, "crash_notes", 8, 8), 8), PER_CPU_BASE, 8);
	for (int cpu = 0; cpu < c->cpus; cpu++) {
		uint64_t area = arena_alloc(c, PAGE, PAGE);
		uint8_t *bits = mem_at(c, possible + cpu / 8, 1), *note = mem_at(c, area, 512);
		char name[32];

		snprintf(name, sizeof(name), "percpu:%d", cpu);
		label_add(c, name, area);
		put(mem_at(c, offsets + 8 * cpu, 8), direct_vaddr(c, area) - PER_CPU_BASE, 8);
		*bits |= 1 << cpu % 8;
		put(note, 5, 4);
		put(note + 4, c->arm64 ? 392 : 336, 4);
		put(note + 8, 1, 4);
		memcpy(note + 12, "CORE", 5);
		put(note + 20 + 32, 100 + cpu, 4);
	}
}

static void nodes_create(struct core *c)
{
	uint64_t node_data = c->image_paddr + 0x1f0000;

	label_add(c, "node_data", node_data);
	for (int n = 0; n < c->types; n++) {
		uint64_t node = arena_alloc(c, NODE_SIZE, 64);
		char name[32];

		snprintf(name, sizeof(name), "node:%d", n);
		label_add(c, name, node);
		put(mem_at(c, node_data + 8 * n, 8), direct_vaddr(c, node), 8);
		for (int i = 0; i < N_ZONES; i++) {
			uint64_t zone = node + NODE_ZONES + ZONE_SIZE * i;

			snprintf(name, sizeof(name), "zone:%d:%d", n, i);
			label_add(c, name, zone);
			put(mem_at(c, zone + ZONE_START, 8), 1, 8);
			put(mem_at(c, zone + ZONE_SPANNED, 8), UINT32_MAX, 8);
			put(mem_at(c, zone + ZONE_PAGESET, 8),
			    PER_CPU_BASE + PCP_SLOT(n, i), 8);
		}
	}
}

void types_create(struct core *c)
{
	if (PCP_SLOT(c->types, 0) > PAGE || c->cpus > 1024)
		die("at most %lu nodes", (PAGE - PCP_SLOT(0, 0)) / PCP_STRIDE / N_ZONES);
	label_add(c, "_stext", c->image_paddr);
	btf_create(c);
	cpus_create(c);
	nodes_create(c);
	lists_create(c);
	tasks_create(c);
	kallsyms_create(c);
}
