/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table: the input is memory, its parts at the places below. A
 * symbol that is found may be anywhere, but the search must end.
 */
#include "../unit/flat.h"
#include "kernel/kallsyms.h"

#define STEXT 0xffffffff81000000ULL

/* Offsets of the parts. */
enum { NUM = 0, BASE = 8, OFFSETS = 16, TOKENS = 64, INDEX = 640, NAMES = 1152 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbol_want wants[] = {
		{ "init_task", 0 }, { "per_cpu_var", 0 }, { "", 0 }, { "q", 0 },
	};
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
	kallsyms_find(&f.space, wants, sizeof(wants) / sizeof(wants[0]), &e);
	return 0;
}
