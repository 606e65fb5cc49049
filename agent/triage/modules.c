/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list `modules`, struct module of Linux include/linux/module.h: its memory is mem[] by
 * kind since 6.4, core_layout and init_layout before.
 */
#include "modules.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define MAX_REGION (1ULL << 30)
#define MAX_SYMBOLS (1u << 20)
#define MAX_ORC (1u << 22)

#define AT(member) offsetof(struct module_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "modules", AT(modules) },
	{ WISH_SYMBOL, "last_unloaded_module", AT(last_unloaded) },
	{ WISH_SYMBOL, "module_plt_base", AT(plt_base) },
	{ WISH_SYMBOL, "module_direct_base", AT(direct_base) },
	{ WISH_SYMBOL, "_text", AT(image) },
	{ WISH_SYMBOL, "_end", AT(image_end) },
	WISH_FIELD("module.list", AT(list)),
	WISH_FIELD("module.name", AT(name)),
	WISH_FIELD("module.state", AT(state)),
	WISH_FIELD("module.taints", AT(taints)),
	WISH_FIELD("module.version", AT(version)),
	WISH_FIELD("module.srcversion", AT(srcversion)),
	WISH_FIELD("module.kallsyms", AT(kallsyms)),
	WISH_FIELD("module.mem", AT(mem)),
	WISH_FIELD("module_memory.base", AT(mem_base)),
	WISH_FIELD("module_memory.size", AT(mem_size)),
	WISH_FIELD("module.core_layout", AT(core)),
	WISH_FIELD("module.init_layout", AT(init)),
	WISH_FIELD("module_layout.base", AT(layout_base)),
	WISH_FIELD("module_layout.size", AT(layout_size)),
	WISH_FIELD("module_layout.text_size", AT(layout_text)),
	WISH_FIELD("module_layout.ro_size", AT(layout_ro)),
	WISH_FIELD("module.arch.num_orcs", AT(orc_n)),
	WISH_FIELD("module.arch.orc_unwind_ip", AT(orc_ip)),
	WISH_FIELD("module.arch.orc_unwind", AT(orc_entries)),
	WISH_FIELD("mod_kallsyms.symtab", AT(symtab)),
	WISH_FIELD("mod_kallsyms.num_symtab", AT(num_symtab)),
	WISH_FIELD("mod_kallsyms.strtab", AT(strtab)),
	{ WISH_VALUE, "mod_mem_type.MOD_TEXT", AT(mod_text) },
	{ WISH_VALUE, "mod_mem_type.MOD_DATA", AT(mod_data) },
	{ WISH_VALUE, "mod_mem_type.MOD_RODATA", AT(mod_rodata) },
	{ WISH_VALUE, "mod_mem_type.MOD_RO_AFTER_INIT", AT(mod_ro_after_init) },
	{ WISH_VALUE, "mod_mem_type.MOD_INIT_TEXT", AT(mod_init_text) },
	{ WISH_VALUE, "mod_mem_type.MOD_INIT_DATA", AT(mod_init_data) },
	{ WISH_VALUE, "mod_mem_type.MOD_INIT_RODATA", AT(mod_init_rodata) },
};

const struct wish_set module_wishes = WISH_SET(wishes, struct module_facts);

/* Linux arch/arm64/kernel/module.c, mm/init.c there since 6.10: one lies in the other. */
#define PLT_BOX (2ULL << 30)
#define DIRECT_BOX (128ULL << 20)

void modules_area(struct space *s, const struct module_facts *f, struct vrange *area,
		  struct vrange *image)
{
	const struct { int64_t at; uint64_t len; } boxes[] = {
		{ f->plt_base, PLT_BOX }, { f->direct_base, DIRECT_BOX },
	};
	struct err ignored;
	uint64_t base;

	if (!has(f->image) || !has(f->image_end))
		return;
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++) {
		if (!has(boxes[i].at) || !space_read_u64(s, boxes[i].at, &base, &ignored) ||
		    base > (vaddr_t)f->image || (vaddr_t)f->image_end - base > boxes[i].len)
			continue;
		*area = (struct vrange){ base, base + boxes[i].len };
		*image = (struct vrange){ (vaddr_t)f->image, (vaddr_t)f->image_end };
		return;
	}
}

static void add_region(struct module *mod, struct region r)
{
	if (!r.start || !r.len || r.len > MAX_REGION || mod->n_regions == MODULE_REGIONS)
		return;
	mod->regions[mod->n_regions++] = r;
}

static bool is_one(int64_t fact, unsigned i)
{
	return has(fact) && fact == (int64_t)i;
}

static void add_mem(const struct modules *m, struct module *mod, unsigned i)
{
	const struct module_facts *f = m->facts;
	vaddr_t at = mod->at + f->mem.off + i * f->mem.size;
	bool init = is_one(f->mod_init_text, i) || is_one(f->mod_init_data, i) ||
		    is_one(f->mod_init_rodata, i);
	enum region_kind kind = REGION_DATA;

	if (is_one(f->mod_text, i) || is_one(f->mod_init_text, i))
		kind = REGION_TEXT;
	else if (is_one(f->mod_rodata, i) || is_one(f->mod_init_rodata, i) ||
		 is_one(f->mod_ro_after_init, i))
		kind = REGION_RODATA;
	add_region(mod, (struct region){ field_value(m->space, at, f->mem_base),
					 field_value(m->space, at, f->mem_size), kind, init });
}

/* base, then text up to text_size, read-only data up to ro_size, the rest. */
static void add_layout(const struct modules *m, struct module *mod, struct field which,
		       bool is_init)
{
	const struct module_facts *f = m->facts;
	vaddr_t at = mod->at + which.off;
	uint64_t base, size, text, ro;

	if (!has(which.off))
		return;
	base = field_value(m->space, at, f->layout_base);
	size = field_value(m->space, at, f->layout_size);
	text = min_u64(field_value(m->space, at, f->layout_text), size);
	ro = min_u64(max_u64(field_value(m->space, at, f->layout_ro), text), size);
	add_region(mod, (struct region){ base, text, REGION_TEXT, is_init });
	add_region(mod, (struct region){ base + text, ro - text, REGION_RODATA, is_init });
	add_region(mod, (struct region){ base + ro, size - ro, REGION_DATA, is_init });
}

static void read_regions(const struct modules *m, struct module *mod)
{
	const struct module_facts *f = m->facts;

	if (field_is_whole(f->mem)) {
		for (unsigned i = 0; i < MODULE_REGIONS && i < f->mem.n; i++)
			add_mem(m, mod, i);
		return;
	}
	add_layout(m, mod, f->core, false);
	add_layout(m, mod, f->init, true);
}

static void read_tables(const struct modules *m, struct module *mod)
{
	const struct module_facts *f = m->facts;
	vaddr_t kallsyms = field_value(m->space, mod->at, f->kallsyms);

	mod->symbols = field_value(m->space, kallsyms, f->symtab);
	mod->strings = field_value(m->space, kallsyms, f->strtab);
	mod->n_symbols = field_value(m->space, kallsyms, f->num_symtab);
	if (mod->n_symbols > MAX_SYMBOLS)
		mod->n_symbols = 0;
	mod->orc_ip = field_value(m->space, mod->at, f->orc_ip);
	mod->orc_entries = field_value(m->space, mod->at, f->orc_entries);
	mod->n_orc = field_value(m->space, mod->at, f->orc_n);
	if (mod->n_orc > MAX_ORC)
		mod->n_orc = 0;
}

static bool read_module(const struct modules *m, vaddr_t at, struct module *mod)
{
	const struct module_facts *f = m->facts;
	uint64_t state;

	memset(mod, 0, sizeof(*mod));
	mod->at = at;
	field_text(m->space, at, f->name, mod->name, sizeof(mod->name));
	if (!mod->name[0] || !field_read(m->space, at, f->state, &state))
		return false;
	mod->state = (uint32_t)state;
	mod->taints = field_value(m->space, at, f->taints);
	read_regions(m, mod);
	read_tables(m, mod);
	return true;
}

/* The name stands first, also where it is a structure (since 6.0). */
static void read_last_unloaded(struct modules *m)
{
	if (has(m->facts->last_unloaded))
		text_at(m->space, m->facts->last_unloaded, m->last_unloaded,
			sizeof(m->last_unloaded));
}

void modules_read(struct modules *m, struct arena *arena)
{
	const struct module_facts *f = m->facts;
	vaddr_t head = f->modules, at;
	struct err ignored;

	m->n = 0;
	read_last_unloaded(m);
	m->list = arena_take(arena, MODULES_MAX, sizeof(m->list[0]), "modules", &ignored);
	m->lacks = "their list is not found";
	if (!m->list || !has(f->modules) || !has(f->list.off))
		return;
	m->lacks = "their list cannot be read";
	if (!space_read_u64(m->space, head, &at, &ignored))
		return;
	m->lacks = "their list is damaged: there may be others";
	while (at != head) {
		if (m->n == MODULES_MAX || !read_module(m, at - f->list.off, &m->list[m->n]) ||
		    !space_read_u64(m->space, at, &at, &ignored))
			return;
		m->n++;
	}
	m->lacks = NULL;
}

const struct module *module_at(const struct modules *m, vaddr_t vaddr,
			       const struct region **region)
{
	for (unsigned i = 0; i < m->n; i++)
		for (unsigned k = 0; k < m->list[i].n_regions; k++) {
			const struct region *r = &m->list[i].regions[k];

			if (vaddr - r->start >= r->len)
				continue;
			if (region)
				*region = r;
			return &m->list[i];
		}
	return NULL;
}

static void pointed_text(const struct modules *m, const struct module *mod, struct field f,
			 char *text, size_t size)
{
	text_at(m->space, field_value(m->space, mod->at, f), text, size);
}

void module_version(const struct modules *m, const struct module *mod, char *text, size_t size)
{
	pointed_text(m, mod, m->facts->version, text, size);
}

void module_srcversion(const struct modules *m, const struct module *mod, char *text,
		       size_t size)
{
	pointed_text(m, mod, m->facts->srcversion, text, size);
}

const char *module_state_words(const struct module *mod)
{
	return mod->state == 1 ? ", being loaded" : mod->state == 2 ? ", being unloaded" : "";
}

uint64_t module_len(const struct module *mod)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < mod->n_regions; i++)
		sum += mod->regions[i].len;
	return sum;
}
