/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of modules: the input is memory, see unit/crashed.h. It ends, what a module says of
 * itself is text, its regions are found again, and no region is larger than one can be.
 */
#include "../unit/crashed.h"

#define REGION_MOST (1ULL << 30)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct modules *m, const struct module *mod)
{
	char text[64];

	if (!mod->name[0] || mod->n_regions > MODULE_REGIONS)
		abort();
	module_version(m, mod, text, sizeof(text));
	module_srcversion(m, mod, text, sizeof(text));
	for (const char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			abort();
	module_state_words(mod);
	for (unsigned i = 0; i < mod->n_regions; i++) {
		const struct region *r = &mod->regions[i], *found;

		if (!r->len || r->len > REGION_MOST || module_len(mod) < r->len ||
		    !module_at(m, r->start, &found) || r->start - found->start >= found->len)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crashed c;

	for (int has_mem = 0; has_mem < 2; has_mem++) {
		struct modules *m = &c.symbols.modules;

		crashed_open(&c, data, size, has_mem);
		modules_read(m, &c.arena);
		if (m->n > MODULES_MAX)
			abort();
		for (unsigned i = 0; i < m->n; i++)
			look_at(m, &m->list[i]);
		crashed_close(&c);
	}
	return 0;
}
