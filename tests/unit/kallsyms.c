/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/kallsyms on tables written here as Linux scripts/kallsyms.c writes them: each way
 * to store an address, names longer than 127 tokens, and tables that make no sense.
 */
#include <time.h>

#include "flat.h"
#include "kernel/kallsyms.h"
#include "t.h"

#define N_SYMBOLS 9u
#define STEXT 0xffffffff81000000ull
#define LONG_LEN 300u		/* of the long name, a token each but "xy" */

/* Where the parts lie, from FLAT_BASE on. */
enum { NUM = 0, BASE = 8, OFFSETS = 16, TOKENS = 64, INDEX = 1200, NAMES = 2048,
       TABLE_LEN = 4096 };

enum encoding { PLACE, RELATIVE, PERCPU };

static uint8_t table[TABLE_LEN];
static char long_name[LONG_LEN + 1];

struct symbol {
	const char *name;
	vaddr_t vaddr;
};

/* As the linker sorts them: per-CPU ones first, they are small where they are absolute. */
static const struct symbol symbols[N_SYMBOLS] = {
	{ "per_cpu_var", 0x1f2c0 },
	{ "_stext", STEXT },
	{ "_stext_not", STEXT + 0x40 },
	{ long_name, STEXT + 0x80 },
	{ "init_task", STEXT + 0x1a0f940 },
	{ "_etext", STEXT + 0x2000000 }, { "init_task", STEXT + 0x2000008 },
	{ "_end", STEXT + 0x2000010 }, { "a", STEXT + 0x2000018 },
};

static void put(size_t at, uint64_t v, size_t len)
{
	memcpy(table + at, &v, len);
}

/* A token for each letter, and "xy" as number 1. */
static void put_tokens(void)
{
	size_t at = TOKENS;

	for (unsigned i = 0; i < 256; i++) {
		put(INDEX + 2 * i, at - TOKENS, 2);
		if (i == 1)
			at += 1 + (size_t)sprintf((char *)table + at, "xy");
		else
			table[at] = i > ' ' && i < 127 ? i : 'q', at += 2;
	}
}

static size_t put_name(size_t at, const char *name)
{
	uint8_t tokens[512];
	unsigned n = 0;

	tokens[n++] = 'T';
	for (const char *s = name; *s; s++)
		if (s[0] == 'x' && s[1] == 'y')
			tokens[n++] = 1, s++;
		else
			tokens[n++] = *s;
	if (n > 127) {
		table[at++] = n & 0x7f | 0x80;
		table[at++] = n >> 7;
	} else {
		table[at++] = n;
	}
	memcpy(table + at, tokens, n);
	return at + n;
}

static uint32_t encode(enum encoding encoding, unsigned i)
{
	vaddr_t vaddr = symbols[i].vaddr;

	switch (encoding) {
	case PLACE:
		return vaddr - (FLAT_BASE + OFFSETS + 4 * i);
	case RELATIVE:
		return i ? vaddr - STEXT : 0xf0000000;
	default:
		return vaddr < STEXT ? vaddr : STEXT - 1 - vaddr;
	}
}

static void fill(struct flat *f, enum encoding encoding)
{
	size_t at = NAMES;

	memset(long_name, 'z', LONG_LEN);
	memcpy(long_name + 100, "xy", 2);
	memset(table, 0, sizeof(table));
	put(NUM, N_SYMBOLS, 4);
	put(BASE, STEXT, 8);
	for (unsigned i = 0; i < N_SYMBOLS; i++) {
		put(OFFSETS + 4 * i, encode(encoding, i), 4);
		at = put_name(at, symbols[i].name);
	}
	put_tokens();
	flat_open(f, table, sizeof(table));
	f->k.stext = STEXT;
	f->k.kallsyms_names = FLAT_BASE + NAMES;
	f->k.kallsyms_num_syms = FLAT_BASE + NUM;
	f->k.kallsyms_token_table = FLAT_BASE + TOKENS;
	f->k.kallsyms_token_index = FLAT_BASE + INDEX;
	f->k.kallsyms_offsets = FLAT_BASE + OFFSETS;
	if (encoding != PLACE)
		f->k.kallsyms_relative_base = FLAT_BASE + BASE;
}

/* ---- good tables ------------------------------------------------------------- */

static void test_found(const char *row, enum encoding encoding)
{
	struct symbol_want wants[] = {
		{ "init_task", 1 }, { "per_cpu_var", 1 }, { long_name, 1 }, { "_stext", 1 },
		{ "_ste", 1 }, { "init_tasks", 1 }, { "", 1 }, { "Tinit_task", 1 },
	};
	struct flat f;
	struct err e;

	fill(&f, encoding);
	T_CHECK(row, kallsyms_find(&f.space, wants, T_SIZE(wants), &e));
	T_EQUAL(row, STEXT + 0x1a0f940, wants[0].vaddr);
	T_EQUAL(row, encoding == RELATIVE ? STEXT + 0xf0000000 : 0x1f2c0, wants[1].vaddr);
	T_EQUAL(row, STEXT + 0x80, wants[2].vaddr);
	T_EQUAL(row, STEXT, wants[3].vaddr);
	for (size_t i = 4; i < T_SIZE(wants); i++)
		T_EQUAL(wants[i].name, 0, wants[i].vaddr);
}

/* ---- tables that make no sense ---------------------------------------------- */

static const struct {
	const char *row;
	size_t at, len;
	uint64_t value;
	bool ok;		/* a table all the same, from which init_task is missing */
} spoilt[] = {
	{ "no symbols", NUM, 4, 0, false },
	{ "four million and one symbols", NUM, 4, (1 << 22) + 1, false },
	{ "symbols without number", NUM, 4, UINT32_MAX, false },
	{ "more symbols than there are names", NUM, 4, 1 << 22, true },
	{ "fewer symbols than there are names", NUM, 4, 3, true },
	{ "only names before _stext", NUM, 4, 1, false },
	{ "a token outside of the tokens", INDEX + 400, 2, 4096 - 64, false },
	{ "a token at the end of the tokens", INDEX + 400, 2, 65535, false },
	{ "_stext is called otherwise", NAMES + 1 + 12 + 2, 1, 'x', false },
	{ "_stext is elsewhere", OFFSETS + 4, 4, 0x12345, false },
	{ "a name of 513 tokens", NAMES + 13 + 8 + 12, 2, 0x0481, true },
	{ "a name of 16383 tokens", NAMES + 13 + 8 + 12, 2, 0x7fff, true },
	{ "a name of 32767 tokens", NAMES + 13 + 8 + 12, 2, 0xffff, true },
	{ "a name of no tokens", NAMES + 13 + 8 + 12, 2, 0, true },
};

static void test_spoilt(enum encoding encoding)
{
	for (size_t i = 0; i < T_SIZE(spoilt); i++) {
		struct symbol_want want = { "init_task", 1 };
		clock_t began = clock();
		struct err e = { .code = 0 };
		struct flat f;
		bool ok;

		fill(&f, encoding);
		put(spoilt[i].at, spoilt[i].value, spoilt[i].len);
		ok = kallsyms_find(&f.space, &want, 1, &e);
		T_EQUAL(spoilt[i].row, spoilt[i].ok, ok);
		if (ok && spoilt[i].at != NUM)
			T_EQUAL(spoilt[i].row, 0, want.vaddr);
		if (!ok)
			T_CHECK(spoilt[i].row, strstr(e.text, "kallsyms"));
		T_CHECK(spoilt[i].row, clock() - began < 2 * CLOCKS_PER_SEC);
	}
}

static void test_lost(void)
{
	static const struct {
		const char *row;
		uint64_t from, to;
		bool ok;
	} rows[] = {
		{ "the number cannot be read", NUM, NUM + 4, false },
		{ "the base cannot be read", BASE, BASE + 8, false },
		{ "no offset can be read", OFFSETS, OFFSETS + 36, false },
		{ "one offset cannot be read", OFFSETS + 16, OFFSETS + 20, false },
		{ "no token can be read", TOKENS, TOKENS + 1, false },
		{ "the index cannot be read", INDEX + 510, INDEX + 512, false },
		{ "the first name cannot be read", NAMES, NAMES + 1, false },
		{ "the last names cannot be read", NAMES + 200, TABLE_LEN, true },
	};
	struct symbol_want want = { "init_task", 1 };

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct flat f;
		struct err e;

		fill(&f, PERCPU);
		f.bad_from = rows[i].from;
		f.bad_to = rows[i].to;
		T_EQUAL(rows[i].row, rows[i].ok, kallsyms_find(&f.space, &want, 1, &e));
		if (rows[i].ok)
			T_EQUAL(rows[i].row, 0, want.vaddr);
	}
}

static void test_keys(void)
{
	struct symbol_want wants[SYMBOL_WANTS_MAX + 1] = { { "_stext", 1 } };
	struct flat f;
	struct err e;

	for (size_t i = 0; i <= SYMBOL_WANTS_MAX; i++)
		wants[i].name = i % 2 ? "init_task" : "_stext";
	fill(&f, PERCPU);
	T_CHECK("as many wants as there may be",
		kallsyms_find(&f.space, wants, SYMBOL_WANTS_MAX, &e));
	T_EQUAL("the last of them", STEXT, wants[SYMBOL_WANTS_MAX - 1].vaddr);
	T_CHECK("one too many", !kallsyms_find(&f.space, wants, SYMBOL_WANTS_MAX + 1, &e));
	f.k.kallsyms_offsets = ABSENT;
	T_CHECK("a key is missing", !kallsyms_find(&f.space, wants, 1, &e));
	T_EQUAL("a key is missing", ENOENT, e.code);
	fill(&f, PLACE);
	f.k.stext = ABSENT;
	T_CHECK("no SYMBOL(_stext)", !kallsyms_find(&f.space, wants, 1, &e));
	fill(&f, RELATIVE);
	f.k.kallsyms_relative_base = ABSENT;
	T_CHECK("no base", !kallsyms_find(&f.space, wants, 1, &e));
}

int main(void)
{
	test_found("relative to the place", PLACE);
	test_found("relative to a base", RELATIVE);
	test_found("relative to a base, per-CPU absolute", PERCPU);
	test_spoilt(PLACE);
	test_spoilt(RELATIVE);
	test_spoilt(PERCPU);
	test_lost();
	test_keys();
	return t_done();
}
