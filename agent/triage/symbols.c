/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own names come from kallsyms; a module's from the symbol table that stays with
 * it (struct mod_kallsyms); a BPF program's from the list bpf_kallsyms.
 */
#include "symbols.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define BPF_MAX 4096u
#define NAMED_MAX (1u << 21)	/* symbols of modules that are held against a name */
#define DATA_MAX 65536u	/* of a variable; larger ones are rare */

#define AT(member) offsetof(struct bpf_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "bpf_kallsyms", AT(bpf_kallsyms) },
	WISH_FIELD("bpf_ksym.lnode", AT(node)),
	WISH_FIELD("bpf_ksym.start", AT(start)),
	WISH_FIELD("bpf_ksym.end", AT(end)),
	WISH_FIELD("bpf_ksym.name", AT(name)),
};

const struct wish_set bpf_wishes = WISH_SET(wishes, struct bpf_facts);

/* ---- modules ----------------------------------------------------------------- */

/* Marks of the assembler and of arm64's instruction sets are no names. */
static bool is_name(const char *name)
{
	return name[0] && name[0] != '$' && strncmp(name, ".L", 2) != 0;
}

struct nearest {
	uint64_t value, next;	/* of the symbol at or before, of the one behind */
	uint32_t name;		/* in the strings */
	bool found;
};

/* The largest value that is not above vaddr; the smallest above it. */
static void look_at(struct symbols *s, const struct module *mod, const Elf64_Sym *sym,
		    vaddr_t vaddr, struct nearest *best)
{
	char name[4];

	if (sym->st_shndx == SHN_UNDEF)
		return;
	if (sym->st_value > vaddr) {
		best->next = min_u64(best->next, sym->st_value);
		return;
	}
	if (best->found && sym->st_value <= best->value)
		return;
	text_at(s->modules.space, mod->strings + sym->st_name, name, sizeof(name));
	if (!is_name(name))
		return;
	best->found = true;
	best->value = sym->st_value;
	best->name = sym->st_name;
}

static bool in_module(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	struct nearest best = { .next = UINT64_MAX };
	const struct region *region;
	const struct module *mod = module_at(&s->modules, vaddr, &region);
	struct stream table;

	if (!mod)
		return false;
	memset(sym, 0, sizeof(*sym));
	snprintf(sym->module, sizeof(sym->module), "%s", mod->name);
	stream_open(&table, s->modules.space, mod->symbols, mod->n_symbols * sizeof(Elf64_Sym));
	for (uint64_t i = 0; i < mod->n_symbols; i++) {
		const uint8_t *at = stream_at(&table, i * sizeof(Elf64_Sym), sizeof(Elf64_Sym));
		Elf64_Sym elf;

		if (!at)
			break;
		memcpy(&elf, at, sizeof(elf));
		look_at(s, mod, &elf, vaddr, &best);
	}
	if (!best.found || best.value < region->start)
		return false;
	text_at(s->modules.space, mod->strings + best.name, sym->name, sizeof(sym->name));
	sym->vaddr = best.value;
	sym->off = vaddr - best.value;
	sym->size = min_u64(best.next, region->start + region->len) - best.value;
	sym->type = "tdr"[region->kind];
	return true;
}

/* Where the module has what is called so; 0: nowhere. */
static vaddr_t named_in(struct symbols *s, const struct module *mod, const char *wanted,
			unsigned *n_left)
{
	struct stream table;
	char name[KALLSYM_NAME_LEN];
	Elf64_Sym elf;

	stream_open(&table, s->modules.space, mod->symbols, mod->n_symbols * sizeof(Elf64_Sym));
	for (uint64_t i = 0; i < mod->n_symbols && *n_left; i++, --*n_left) {
		const uint8_t *at = stream_at(&table, i * sizeof(Elf64_Sym), sizeof(Elf64_Sym));

		if (!at)
			break;
		memcpy(&elf, at, sizeof(elf));
		if (elf.st_shndx == SHN_UNDEF ||
		    module_at(&s->modules, elf.st_value, NULL) != mod)
			continue;
		text_at(s->modules.space, mod->strings + elf.st_name, name, sizeof(name));
		if (!strcmp(name, wanted))
			return elf.st_value;
	}
	return 0;
}

/* ---- BPF --------------------------------------------------------------------- */

/* The struct bpf_ksym behind this one; *at is 0 to begin with. False: no more. */
static bool next_bpf(struct symbols *s, vaddr_t *at)
{
	const struct bpf_facts *f = s->bpf;
	vaddr_t head = f->bpf_kallsyms, next;
	struct err ignored;

	if (!has(f->bpf_kallsyms))
		return false;
	if (!has(f->node.off) ||
	    !space_read_u64(s->modules.space, *at ? *at + f->node.off : head, &next,
			    &ignored)) {
		s->bpf_cut = true;
		return false;
	}
	if (next == head)
		return false;
	*at = next - f->node.off;
	return true;
}

static struct vrange bpf_range(struct symbols *s, vaddr_t ksym)
{
	return (struct vrange){ field_value(s->modules.space, ksym, s->bpf->start),
				field_value(s->modules.space, ksym, s->bpf->end) };
}

/* Also how far the list is to be followed: one that is damaged may be a circle. */
static void measure_bpf(struct symbols *s)
{
	vaddr_t at = 0, mark = 0;

	s->bpf_area = (struct vrange){ 0, 0 };
	s->bpf_cut = false;
	for (s->n_bpf = 0; next_bpf(s, &at); s->n_bpf++) {
		struct vrange r = bpf_range(s, at);

		if (s->n_bpf == BPF_MAX || at == mark) {
			s->bpf_cut = true;
			return;
		}

		if (is_power_of_two(s->n_bpf + 1))
			mark = at;

		if (r.start >= r.end)
			continue;
		if (!s->bpf_area.end || r.start < s->bpf_area.start)
			s->bpf_area.start = r.start;
		s->bpf_area.end = max_u64(s->bpf_area.end, r.end);
	}
}

static bool in_bpf(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	vaddr_t at = 0;

	if (!vrange_has(s->bpf_area, vaddr))
		return false;
	for (unsigned i = 0; i < s->n_bpf && next_bpf(s, &at); i++) {
		struct vrange r = bpf_range(s, at);

		if (!vrange_has(r, vaddr))
			continue;
		*sym = (struct symbol){ .module = "bpf", .vaddr = r.start, .type = 't',
					.off = vaddr - r.start, .size = r.end - r.start };
		field_text(s->modules.space, at, s->bpf->name, sym->name, sizeof(sym->name));
		return sym->name[0];
	}
	return false;
}

void symbols_open(struct symbols *s, struct arena *arena)
{
	modules_read(&s->modules, arena);
	measure_bpf(s);
}

bool symbols_in_module_area(const struct symbols *s, vaddr_t vaddr)
{
	return vrange_has(s->module_area, vaddr) && !vrange_has(s->image, vaddr);
}

/* ---- the image ------------------------------------------------------------------- */

static bool in_image(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	struct kallsym own;

	if (!kallsyms_at(s->kallsyms, vaddr, &own))
		return false;
	*sym = (struct symbol){ .vaddr = own.vaddr, .off = own.off, .size = own.size,
				.type = own.type };
	memcpy(sym->name, own.name, sizeof(sym->name));
	return true;
}

/* ---- copies ---------------------------------------------------------------------- */

static bool in_copy(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	vaddr_t original;

	/* Modules and they come out of the same area. */
	if (!symbols_in_module_area(s, vaddr))
		return false;
	original = trampoline_original(s->modules.space, s->trampolines, vaddr);
	return original && in_image(s, original, sym);
}

/* ---- all of them ---------------------------------------------------------------- */

bool symbol_at(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	return in_image(s, vaddr, sym) || in_module(s, vaddr, sym) || in_bpf(s, vaddr, sym) ||
	       in_copy(s, vaddr, sym);
}

bool symbol_named(struct symbols *s, const char *name, struct symbol *sym)
{
	unsigned n_left = NAMED_MAX;
	vaddr_t at;

	if (kallsyms_named(s->kallsyms, name, &at)) {
		*sym = (struct symbol){ .vaddr = at };
		snprintf(sym->name, sizeof(sym->name), "%s", name);
		return true;
	}
	for (unsigned i = 0; is_name(name) && i < s->modules.n; i++) {
		at = named_in(s, &s->modules.list[i], name, &n_left);
		if (!at || !in_module(s, at, sym))
			continue;
		/* Another name may lie there, too. */
		snprintf(sym->name, sizeof(sym->name), "%s", name);
		return true;
	}
	return false;
}

bool symbol_of_return(struct symbols *s, vaddr_t vaddr, struct symbol *sym)
{
	if (!symbol_at(s, vaddr - 1, sym))
		return false;
	sym->off++;
	return true;
}

bool symbols_is_text(struct symbols *s, vaddr_t vaddr)
{
	const struct region *region;
	struct symbol sym;

	if (kallsyms_is_text(s->kallsyms, vaddr))
		return true;
	if (module_at(&s->modules, vaddr, &region))
		return region->kind == REGION_TEXT;
	return in_bpf(s, vaddr, &sym) || in_copy(s, vaddr, &sym);
}

bool symbols_may_be_text(struct symbols *s, vaddr_t vaddr)
{
	return symbols_is_text(s, vaddr) ||
	       ((s->modules.lacks || s->bpf_cut) && symbols_in_module_area(s, vaddr) &&
		!module_at(&s->modules, vaddr, NULL));
}

bool symbols_is_orphan(struct symbols *s, vaddr_t vaddr)
{
	return symbols_in_module_area(s, vaddr) && !module_at(&s->modules, vaddr, NULL) &&
	       !symbols_may_be_text(s, vaddr);
}

bool symbol_is_sure(const struct symbol *sym)
{
	return sym->type == 't' || sym->type == 'T' || sym->type == 'w' || sym->type == 'W' ||
	       sym->off < DATA_MAX;
}

void symbol_text(const struct symbol *sym, char text[SYMBOL_TEXT])
{
	snprintf(text, SYMBOL_TEXT, "%s+0x%llx/0x%llx%s%s%s", sym->name,
		 (unsigned long long)sym->off, (unsigned long long)sym->size,
		 sym->module[0] ? " [" : "", sym->module, sym->module[0] ? "]" : "");
}
