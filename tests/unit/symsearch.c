/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/symsearch on a symbol table of 600 names, made here as kernels before 6.0 have it
 * in their image, and on the same with one part spoilt; then names and addresses through it.
 */
#include <stdio.h>

#include "base/err.h"
#include "kernel/kallsyms.h"
#include "kernel/symsearch.h"
#include "t.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define STEXT 0xffffffff81000000ull
#define N_SYMBOLS 600u
#define IMAGE_LEN 65536u
#define TABLE_AT 8200u		/* across a step of the search */

static uint8_t image[IMAGE_LEN];

struct parts {
	size_t offsets, base, num, names, markers, tokens, index;
};

static bool read_image(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		       struct err *e)
{
	(void)pm;
	if (paddr > IMAGE_LEN || len > IMAGE_LEN - paddr)
		return fail(e, 14, "%#llx is not there", (unsigned long long)paddr);
	memcpy(buf, image + paddr, len);
	return true;
}

static paddr_t image_paddr(const struct kinfo *k, vaddr_t vaddr)
{
	(void)k;
	return vaddr - STEXT;
}

static void put(size_t at, uint64_t v, size_t len)
{
	memcpy(image + at, &v, len);
}

static size_t align8(size_t at)
{
	return (at + 7) / 8 * 8;
}

static void name_of(unsigned i, char name[16])
{
	snprintf(name, 16, !i ? "T_stext" : i == N_SYMBOLS - 1 ? "B_end" : "Tname_%u", i);
}

/* Token i is the letter i, or two letters where there is none of that number. */
static void put_tokens(const struct parts *p, size_t at)
{
	size_t first = at;

	for (unsigned i = 0; i < 256; i++) {
		bool letter = i > ' ' && i < 127;

		put(p->index + 2 * i, at - first, 2);
		image[at++] = letter ? i : 'a' + i % 26;
		if (!letter)
			image[at++] = 'a' + i / 26;
		image[at++] = 0;
	}
}

static void make(struct parts *p)
{
	size_t at = TABLE_AT;

	memset(image, 0xee, sizeof(image));
	memset(image + at, 0, sizeof(image) / 2);
	p->offsets = at;
	for (unsigned i = 0; i < N_SYMBOLS; i++)
		put(at + 4 * i, -1 - 64 * (int64_t)i, 4);
	p->base = align8(at + 4 * N_SYMBOLS);
	put(p->base, STEXT, 8);
	p->num = p->base + 8;
	put(p->num, N_SYMBOLS, 4);
	p->names = at = p->num + 8;
	for (int pass = 0; pass < 2; pass++) {
		at = p->names;
		for (unsigned i = 0; i < N_SYMBOLS; i++) {
			char name[16];

			name_of(i, name);
			if (i % 256 == 0 && pass)
				put(p->markers + i / 256 * 4, at - p->names, 4);
			image[at] = strlen(name);
			memcpy(image + at + 1, name, strlen(name));
			at += 1 + strlen(name);
		}
		p->markers = align8(at);
	}
	p->tokens = align8(p->markers + 4 * ((N_SYMBOLS + 255) / 256));
	p->index = p->tokens + 704;	/* 94 tokens of one letter, 162 of two */
	put_tokens(p, p->tokens);
}

/* The space is good as long as k. */
static void open_space(struct space *space, struct kinfo *k)
{
	static struct physmem pm = { .read = read_image };
	static const struct arch arch = { .image = image_paddr };
	struct err e;

	vmcoreinfo_parse(k, "PAGESIZE=4096\nSYMBOL(_stext)=ffffffff81000000\n", 47, &e);
	*space = (struct space){ .pm = &pm, .k = k, .arch = &arch,
				 .last = { STEXT, 0, 1ull << 30 } };
}

static bool search(struct symbol_table *table)
{
	struct space space;
	struct kinfo k;
	struct err e;

	open_space(&space, &k);
	return symsearch(table, &space, &e);
}

static void spoilt(const char *row, size_t at, uint8_t with)
{
	struct symbol_table table = { .names = 0 };
	uint8_t was = image[at];

	image[at] = with;
	T_CHECK(row, !search(&table));
	T_EQUAL(row, 0, table.names);
	image[at] = was;
}

/* What looks like the digits' tokens, n times in front of the table. */
static bool search_behind(unsigned n)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	struct symbol_table table;

	for (unsigned i = 0; i < n; i++)
		memcpy(image + i * sizeof(digits), digits, sizeof(digits));
	return search(&table);
}

static void test_kallsyms(void)
{
	struct symbol_want wants[] = {
		{ .name = "name_598" }, { .name = "name_1" }, { .name = "none" },
		{ .name = NULL },
	};
	struct kallsyms ks;
	struct kallsym sym;
	struct space space;
	struct kinfo k;
	struct err e;
	unsigned n = 0;

	open_space(&space, &k);
	T_CHECK("it is opened", kallsyms_open(&ks, &space, &e));
	T_CHECK("names are found", kallsyms_find(&ks, wants, &e));
	T_EQUAL("the last but one", STEXT + 598 * 64, wants[0].vaddr);
	T_EQUAL("the second", STEXT + 64, wants[1].vaddr);
	T_EQUAL("one that is not there", 0, wants[2].vaddr);
	for (unsigned i = 0; i < N_SYMBOLS - 1; i++) {
		char name[16];

		name_of(i, name);
		n += kallsyms_at(&ks, STEXT + i * 64 + 63, &sym) &&
		     !strcmp(sym.name, name + 1) && sym.off == 63 && sym.size == 64;
	}
	T_EQUAL("each address has its name", N_SYMBOLS - 1, n);
}

int main(void)
{
	struct symbol_table table;
	struct parts p;

	make(&p);
	T_CHECK("a whole table", search(&table));
	T_EQUAL("names", STEXT + p.names, table.names);
	T_EQUAL("num_syms", STEXT + p.num, table.num_syms);
	T_EQUAL("offsets", STEXT + p.offsets, table.offsets);
	T_EQUAL("base", STEXT + p.base, table.relative_base);
	T_EQUAL("tokens", STEXT + p.tokens, table.token_table);
	T_EQUAL("index", STEXT + p.index, table.token_index);
	test_kallsyms();

	T_CHECK("behind others like it", search_behind(100));
	T_CHECK("behind more than any image has", !search_behind(300));
	memset(image, 0xee, TABLE_AT);

	spoilt("a digit is another", p.tokens + 33 * 3 + 15 * 2, 'x');
	spoilt("the index falls", p.index + 2 * 200 + 1, 0);
	spoilt("the first marker is not 0", p.markers, 1);
	spoilt("markers fall", p.markers + 4 * 2 + 1, 0);
	spoilt("a name of no length", p.names, 0);
	spoilt("too few symbols for the markers", p.num + 1, 0);
	return t_done();
}
