/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses in modules and BPF programs: the input is memory, see unit/crashed.h. The
 * search ends soon, and what is found holds the address that was asked for.
 */
#include "base/io.h"
#include "../unit/crashed.h"

#define STRIDE 37
#define MOST_S 4.0	/* for some hundred addresses */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(struct symbols *s, vaddr_t vaddr)
{
	struct symbol sym;
	char text[SYMBOL_TEXT];

	symbols_is_text(s, vaddr);
	if (symbol_at(s, vaddr, &sym)) {
		if (sym.vaddr > vaddr || sym.off != vaddr - sym.vaddr)
			abort();
		symbol_is_sure(&sym);
		symbol_text(&sym, text);
		for (const char *c = text; *c; c++)
			if (*c < ' ' || *c > '~')
				abort();
	}
	symbol_of_return(s, vaddr, &sym);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crashed c;
	struct symbol sym;

	for (int has_mem = 0; has_mem < 2; has_mem++) {
		double begun = monotonic_seconds();

		crashed_open(&c, data, size, has_mem);
		symbols_open(&c.symbols, &c.arena);
		for (unsigned off = 0; off < INPUT_MAX; off += STRIDE)
			ask(&c.symbols, AT_INPUT(off));
		ask(&c.symbols, 0);
		ask(&c.symbols, UINT64_MAX);
		symbol_named(&c.symbols, "nobody", &sym);
		if (monotonic_seconds() - begun > MOST_S)
			abort();
		crashed_close(&c);
	}
	return 0;
}
