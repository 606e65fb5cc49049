/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table: the input is memory, its parts at the places below. A
 * symbol that is found may be anywhere, but the search must end, and an address that has
 * a name lies in it.
 */
#include <stdlib.h>

#include "../unit/flat.h"
#include "kernel/kallsyms.h"

#define STEXT 0xffffffff81000000ULL

/* Offsets of the parts. */
enum { NUM = 0, BASE = 8, OFFSETS = 16, TOKENS = 64, INDEX = 640, NAMES = 1152 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbol_want wants[] = {
		{ .name = "init_task" }, { .name = "per_cpu_var" }, { .name = "" },
		{ .name = "q" }, { .name = NULL },
	};
	struct kallsyms ks;
	struct kallsym sym;
	struct flat f;
	struct err e;

	flat_open(&f, data, size);
	f.k.stext = STEXT;
	f.k.kallsyms_num_syms = FLAT_BASE + NUM;
	f.k.kallsyms_relative_base = FLAT_BASE + BASE;
	f.k.kallsyms_offsets = FLAT_BASE + OFFSETS;
	f.k.kallsyms_token_table = FLAT_BASE + TOKENS;
	f.k.kallsyms_token_index = FLAT_BASE + INDEX;
	f.k.kallsyms_names = FLAT_BASE + NAMES;
	if (!kallsyms_open(&ks, &f.space, &e))
		return 0;
	kallsyms_find(&ks, wants, &e);
	for (vaddr_t v = STEXT; v < STEXT + 0x3000000; v += 0x123457)
		if (kallsyms_at(&ks, v, &sym) &&
		    (sym.off != v - sym.vaddr || sym.off >= sym.size || !sym.name[0]))
			abort();
	kallsyms_named(&ks, "_end", &(vaddr_t){ 0 });
	return 0;
}
