/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for the symbol table of a kernel that does not tell where it is: the input is
 * the image, with zeroes behind it. What is found lies in the image and can be asked for
 * names; a hostile image costs no more than its time.
 */
#include <stdlib.h>

#include "../unit/flat.h"
#include "base/io.h"
#include "kernel/kallsyms.h"
#include "kernel/symsearch.h"

#define IMAGE_MAX 65536u
#define MOST_S 4.0	/* with the sanitizers, on a busy machine */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_inside(vaddr_t vaddr)
{
	return vaddr >= FLAT_BASE && vaddr - FLAT_BASE < IMAGE_MAX;
}

static void ask(struct space *space)
{
	struct symbol_want wants[] = { { .name = "name_1" }, { .name = "_stext" },
				       { .name = NULL } };
	struct kallsyms ks;
	struct kallsym sym;
	struct err e;

	if (!kallsyms_open(&ks, space, &e))
		return;
	kallsyms_find(&ks, wants, &e);
	for (vaddr_t v = FLAT_BASE; v < FLAT_BASE + IMAGE_MAX; v += 1237)
		if (kallsyms_at(&ks, v, &sym) && (sym.off != v - sym.vaddr || !sym.name[0]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t image[IMAGE_MAX];
	static struct flat f;
	double begun = monotonic_seconds();
	struct symbol_table t;
	struct err e;

	size = size < IMAGE_MAX ? size : IMAGE_MAX;
	memcpy(image, data, size);
	memset(image + size, 0, sizeof(image) - size);
	flat_open(&f, image, sizeof(image));
	f.k.stext = FLAT_BASE;
	if (symsearch(&t, &f.space, &e)) {
		if (!is_inside(t.names) || !is_inside(t.num_syms) ||
		    !is_inside(t.token_table) || !is_inside(t.token_index) ||
		    !is_inside(t.offsets))
			abort();
		ask(&f.space);
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	if (monotonic_seconds() - begun > MOST_S)
		abort();
	return 0;
}
