/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/kallsyms on tables written here as Linux scripts/kallsyms.c writes them: each way
 * to store an address, names longer than 127 tokens, several names of one address, and
 * tables that make no sense.
 */
#include <time.h>

#include "flat.h"
#include "kernel/kallsyms.h"
#include "t.h"

#define N_SYMBOLS 20u
#define STEXT 0xffffffff81000000ull
#define LONG_LEN 300u		/* of the long name, a token each but "xy" */

/* Where the parts lie, from FLAT_BASE on. */
enum { NUM = 0, BASE = 8, OFFSETS = 16, TOKENS = 128, INDEX = 1200, NAMES = 2048,
       TABLE_LEN = 4096 };

enum encoding { PLACE, RELATIVE, PERCPU };

static uint8_t table[TABLE_LEN];
static char long_name[LONG_LEN + 1];

struct symbol {
	const char *name;
	vaddr_t vaddr;
	char type;
};

/* As the linker sorts them: per-CPU ones first, they are small where they are absolute. */
static const struct symbol symbols[N_SYMBOLS] = {
	{ "per_cpu_var", 0x1f2c0, 'A' },
	{ "_stext", STEXT, 'T' },
	{ "_stext_not", STEXT + 0x40, 'T' },
	{ long_name, STEXT + 0x80, 't' },
	/* One place with several names, two of which are as good but for the alphabet. */
	{ ".Lcopy", STEXT + 0x100, 'T' }, { "copy_user_generic", STEXT + 0x100, 'T' },
	{ "$x", STEXT + 0x100, 'T' }, { "cop", STEXT + 0x100, 't' },
	{ "copy_b", STEXT + 0x100, 'T' }, { "copy_a", STEXT + 0x100, 'T' },
	{ "$d.7", STEXT + 0x200, 't' }, { "local_\x02", STEXT + 0x200, 't' },
	{ "$only", STEXT + 0x300, 't' },
	{ "init_task", STEXT + 0x1a0f940, 'D' },
	{ "_etext", STEXT + 0x2000000, 'T' }, { "init_task", STEXT + 0x2000008, 'd' },
	{ "_sinittext", STEXT + 0x2000010, 'T' }, { "_einittext", STEXT + 0x2000018, 'T' },
	{ "_end", STEXT + 0x2000020, 'B' }, { "a", STEXT + 0x2000028, 'B' },
};

static void put(size_t at, uint64_t v, size_t len)
{
	memcpy(table + at, &v, len);
}

/* A token for each letter, "xy" as number 1, and as 2 what upsets a terminal. */
static void put_tokens(void)
{
	size_t at = TOKENS;

	for (unsigned i = 0; i < 256; i++) {
		put(INDEX + 2 * i, at - TOKENS, 2);
		if (i == 1)
			at += 1 + (size_t)sprintf((char *)table + at, "xy");
		else
			table[at] = i == 2 ? 27 : i > ' ' && i < 127 ? i : 'q', at += 2;
	}
}

static size_t put_name(size_t at, const struct symbol *symbol)
{
	uint8_t tokens[512];
	unsigned n = 0;

	tokens[n++] = symbol->type;
	for (const char *s = symbol->name; *s; s++)
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
		at = put_name(at, &symbols[i]);
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

static bool find(struct flat *f, struct kallsyms *ks, struct symbol_want *wants,
		 struct err *e)
{
	return kallsyms_open(ks, &f->space, e) && kallsyms_find(ks, wants, e);
}

/* ---- good tables ------------------------------------------------------------- */

static void test_found(const char *row, enum encoding encoding)
{
	struct symbol_want wants[] = {
		{ .name = "init_task" }, { .name = "per_cpu_var" }, { .name = long_name },
		{ .name = "_stext" }, { .name = "_ste" }, { .name = "init_tasks" },
		{ .name = "", .vaddr = 1 }, { .name = "Tinit_task", .vaddr = 1 },
		{ .name = NULL },
	};
	struct kallsyms ks;
	struct flat f;
	struct err e;

	fill(&f, encoding);
	T_CHECK(row, find(&f, &ks, wants, &e));
	T_EQUAL(row, STEXT + 0x1a0f940, wants[0].vaddr);
	T_EQUAL(row, encoding == RELATIVE ? STEXT + 0xf0000000 : 0x1f2c0, wants[1].vaddr);
	T_EQUAL(row, STEXT + 0x80, wants[2].vaddr);
	T_EQUAL(row, STEXT, wants[3].vaddr);
	for (size_t i = 4; i < T_SIZE(wants) - 1; i++)
		T_EQUAL(wants[i].name, 0, wants[i].vaddr);
}

/* More than the bits of a word, of which many have the same letters at their ends. */
static void test_many(void)
{
	static const char *const names[] = { "_stext", "_etext", "init_task", "cop", "_st_xt" };
	struct symbol_want wants[301];
	struct kallsyms ks;
	struct flat f;
	struct err e;

	for (size_t i = 0; i < 300; i++)
		wants[i] = (struct symbol_want){ .name = names[i % T_SIZE(names)] };
	wants[300].name = NULL;
	fill(&f, PLACE);
	T_CHECK("many wants", find(&f, &ks, wants, &e));
	for (size_t i = 0; i < 300; i += 5) {
		T_EQUAL("many: _stext", STEXT, wants[i].vaddr);
		T_EQUAL("many: _etext", STEXT + 0x2000000, wants[i + 1].vaddr);
		T_EQUAL("many: init_task", STEXT + 0x1a0f940, wants[i + 2].vaddr);
		T_EQUAL("many: cop", STEXT + 0x100, wants[i + 3].vaddr);
		T_EQUAL("many: none", 0, wants[i + 4].vaddr);
	}
}

static const struct {
	const char *row;
	vaddr_t vaddr;
	const char *name;	/* NULL: there is none */
	char type;
	uint64_t off, size;
	bool text;
} ats[] = {
	{ "the first", STEXT, "_stext", 'T', 0, 0x40, true },
	{ "the last byte of it", STEXT + 0x3f, "_stext", 'T', 0x3f, 0x40, true },
	{ "the next", STEXT + 0x40, "_stext_not", 'T', 0, 0x40, true },
	{ "a long one", STEXT + 0x85, "zzz", 't', 5, 0x80, true },
	{ "the best of six", STEXT + 0x1ff, "copy_a", 'T', 0xff, 0x100, true },
	{ "the only one that is no mark", STEXT + 0x200, "local_?", 't', 0, 0x100, true },
	{ "nothing but a mark", STEXT + 0x301, "$only", 't', 1, 0x1a0f640, true },
	{ "data", STEXT + 0x1a0f948, "init_task", 'D', 8, 0x5f06c0, true },
	{ "the end of text", STEXT + 0x2000000, "_etext", 'T', 0, 8, false },
	{ "another of the same name", STEXT + 0x2000009, "init_task", 'd', 1, 8, false },
	{ "text of init", STEXT + 0x2000010, "_sinittext", 'T', 0, 8, true },
	{ "the last of the image", STEXT + 0x200001f, "_einittext", 'T', 7, 8, false },
	{ "the end", STEXT + 0x2000020, NULL, 0, 0, 0, false },
	{ "behind it", STEXT + 0x2000028, NULL, 0, 0, 0, false },
	{ "before it", STEXT - 1, NULL, 0, 0, 0, false },
	{ "a per-CPU variable", 0x1f2c0, NULL, 0, 0, 0, false },
	{ "null", 0, NULL, 0, 0, 0, false },
	{ "the last address", UINT64_MAX, NULL, 0, 0, 0, false },
};

static void test_at(const char *what, enum encoding encoding)
{
	struct kallsyms ks;
	struct kallsym sym;
	struct flat f;
	struct err e;

	fill(&f, encoding);
	T_CHECK(what, kallsyms_open(&ks, &f.space, &e));
	for (size_t i = 0; i < T_SIZE(ats); i++) {
		const char *name = ats[i].name;

		T_EQUAL(ats[i].row, ats[i].text, kallsyms_is_text(&ks, ats[i].vaddr));
		T_EQUAL(ats[i].row, name != NULL, kallsyms_at(&ks, ats[i].vaddr, &sym));
		if (!name)
			continue;
		if (strcmp(name, "zzz"))
			T_TEXT(ats[i].row, name, sym.name);
		else
			T_EQUAL("it is cut", KALLSYM_NAME_LEN - 1, strlen(sym.name));
		T_EQUAL(ats[i].row, ats[i].type, sym.type);
		T_EQUAL(ats[i].row, ats[i].off, sym.off);
		T_EQUAL(ats[i].row, ats[i].vaddr - ats[i].off, sym.vaddr);
		T_EQUAL(ats[i].row, ats[i].size, sym.size);
	}
}

static void test_named(void)
{
	struct kallsyms ks;
	struct flat f;
	struct err e;
	vaddr_t vaddr;

	fill(&f, PERCPU);
	T_CHECK("open", kallsyms_open(&ks, &f.space, &e));
	T_CHECK("one name", kallsyms_named(&ks, "copy_b", &vaddr));
	T_EQUAL("one name", STEXT + 0x100, vaddr);
	T_CHECK("no such name", !kallsyms_named(&ks, "copy", &vaddr));
	T_CHECK("no name", !kallsyms_named(&ks, "", &vaddr));
}

/* CONFIG_KALLSYMS_ALL is off: what lies outside of text has no name. */
static void test_text_only(void)
{
	struct kallsyms ks;
	struct kallsym sym;
	struct flat f;
	struct err e;
	size_t at = 0;

	fill(&f, PERCPU);
	for (size_t i = NAMES; i < TABLE_LEN - 5; i++)
		if (!memcmp(table + i, "B_end", 5))
			at = i;
	put(at + 1, '-', 1);
	T_CHECK("no _end", kallsyms_open(&ks, &f.space, &e));
	T_CHECK("no _end: text", kallsyms_at(&ks, STEXT + 0x41, &sym));
	T_CHECK("no _end: data", !kallsyms_at(&ks, STEXT + 0x2000009, &sym));
	T_CHECK("no _end: text of init", kallsyms_at(&ks, STEXT + 0x2000011, &sym));
	T_EQUAL("no _end: its size", 8, sym.size);
}

/* Addresses in no order: wherever the search leads, it ends, and what it says is so. */
static void test_disorder(void)
{
	struct kallsyms ks;
	struct kallsym sym;
	unsigned n = 0;
	struct flat f;
	struct err e;

	fill(&f, PERCPU);
	for (unsigned i = 3; i < N_SYMBOLS; i++)
		if (i < 13)
			put(OFFSETS + 4 * i, -1 - (i * 0x9e3779b1 >> 8 & 0x1fffff), 4);
	T_CHECK("disorder", kallsyms_open(&ks, &f.space, &e));
	for (vaddr_t v = STEXT; v < STEXT + 0x2000000; v += 0x1234) {
		if (!kallsyms_at(&ks, v, &sym))
			continue;
		n++;
		T_CHECK("disorder", sym.vaddr <= v && sym.off == v - sym.vaddr &&
				    sym.off < sym.size);
	}
	T_CHECK("disorder: some are found", n > 100);
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
		struct symbol_want wants[] = { { .name = "init_task" }, { .name = NULL } };
		struct kallsyms ks;
		struct kallsym sym;
		clock_t began = clock();
		struct err e = { .code = 0 };
		struct flat f;
		bool ok;

		fill(&f, encoding);
		put(spoilt[i].at, spoilt[i].value, spoilt[i].len);
		ok = find(&f, &ks, wants, &e);
		T_EQUAL(spoilt[i].row, spoilt[i].ok, ok);
		if (ok && spoilt[i].at != NUM)
			T_EQUAL(spoilt[i].row, 0, wants[0].vaddr);
		if (!ok)
			T_CHECK(spoilt[i].row, strstr(e.text, "kallsyms"));
		if (kallsyms_open(&ks, &f.space, &e) && !spoilt[i].ok)
			for (int j = 0; j < 1000; j++)
				T_CHECK(spoilt[i].row, !kallsyms_at(&ks, STEXT + 0x41, &sym));
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
		{ "no offset can be read", OFFSETS, OFFSETS + 4 * N_SYMBOLS, false },
		{ "one offset cannot be read", OFFSETS + 52, OFFSETS + 56, false },
		{ "no token can be read", TOKENS, TOKENS + 1, false },
		{ "the index cannot be read", INDEX + 510, INDEX + 512, false },
		{ "the first name cannot be read", NAMES, NAMES + 1, false },
		{ "the last names cannot be read", NAMES + 200, TABLE_LEN, true },
	};
	struct symbol_want wants[] = { { .name = "init_task" }, { .name = NULL } };

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct kallsyms ks;
		struct flat f;
		struct err e;

		fill(&f, PERCPU);
		f.bad_from = rows[i].from;
		f.bad_to = rows[i].to;
		T_EQUAL(rows[i].row, rows[i].ok, find(&f, &ks, wants, &e));
		if (rows[i].ok)
			T_EQUAL(rows[i].row, 0, wants[0].vaddr);
	}
}

static void test_keys(void)
{
	struct symbol_want wants[] = { { .name = "_stext" }, { .name = NULL } };
	struct kallsyms ks;
	struct flat f;
	struct err e;

	fill(&f, PERCPU);
	f.k.kallsyms_offsets = ABSENT;
	T_CHECK("a key is missing", !kallsyms_open(&ks, &f.space, &e));
	T_EQUAL("a key is missing", ENOENT, e.code);
	fill(&f, PERCPU);
	f.k.kallsyms_names = ABSENT;
	T_CHECK("no keys, and nothing to be found", !kallsyms_open(&ks, &f.space, &e));
	T_EQUAL("no keys, and nothing to be found", ENOENT, e.code);
	fill(&f, PLACE);
	f.k.stext = ABSENT;
	T_CHECK("no SYMBOL(_stext)", !find(&f, &ks, wants, &e));
	fill(&f, RELATIVE);
	f.k.kallsyms_relative_base = ABSENT;
	T_CHECK("no base", !find(&f, &ks, wants, &e));
}

int main(void)
{
	test_found("relative to the place", PLACE);
	test_found("relative to a base", RELATIVE);
	test_found("relative to a base, per-CPU absolute", PERCPU);
	test_many();
	test_at("by place", PLACE);
	test_at("per-CPU absolute", PERCPU);
	test_named();
	test_text_only();
	test_disorder();
	test_spoilt(PLACE);
	test_spoilt(RELATIVE);
	test_spoilt(PERCPU);
	test_lost();
	test_keys();
	return t_done();
}
