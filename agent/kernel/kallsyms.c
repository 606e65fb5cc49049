/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table. Addresses have been stored in three ways, and nothing says
 * which: the one that leads to _stext is right. Symbols stand in the order of their
 * addresses, so an address leads to a number, and a mark to its name.
 */
#include "kallsyms.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define MIN_STRIDE 256u
#define MAX_ALIASES 256u	/* names of one address that are looked at */
#define BUCKETS 1024u

enum encoding { PLACE, BASE, BASE_OR_PERCPU, N_ENCODINGS };

/* ---- the table --------------------------------------------------------------- */

static bool find_table(struct symbol_table *t, struct space *space, struct err *e)
{
	const struct kinfo *k = space->k;

	if (!has(k->kallsyms_names))
		return symsearch(t, space, e);
	if (!has(k->kallsyms_num_syms) || !has(k->kallsyms_token_table) ||
	    !has(k->kallsyms_token_index) || !has(k->kallsyms_offsets))
		return fail(e, ENOENT, "VMCOREINFO has only a part of kallsyms");
	*t = (struct symbol_table){
		.names = k->kallsyms_names,
		.num_syms = k->kallsyms_num_syms,
		.token_table = k->kallsyms_token_table,
		.token_index = k->kallsyms_token_index,
		.offsets = k->kallsyms_offsets,
		.relative_base = has(k->kallsyms_relative_base) ? k->kallsyms_relative_base : 0,
	};
	return true;
}

bool kallsyms_open(struct kallsyms *ks, struct space *space, struct err *e)
{
	ks->state = UNSCANNED;
	if (!find_table(&ks->table, space, e) ||
	    !symbol_names_open(&ks->names, space, &ks->table, e))
		return false;
	for (ks->stride = MIN_STRIDE; ks->names.n > ks->stride * KALLSYMS_MARKS;)
		ks->stride *= 2;
	return true;
}

/* ---- addresses ---------------------------------------------------------------- */

/* Linux scripts/kallsyms.c: relative to the entry itself since 7.0, to a base before. */
static vaddr_t decode(const struct kallsyms *ks, vaddr_t entry, uint32_t raw)
{
	switch (ks->encoding) {
	case PLACE:
		return entry + (int64_t)(int32_t)raw;
	case BASE:
		return ks->base + raw;
	default:
		return (int32_t)raw >= 0 ? raw : ks->base - 1 - (int64_t)(int32_t)raw;
	}
}

static bool vaddr_of(struct kallsyms *ks, uint32_t nr, vaddr_t *ret, struct err *e)
{
	vaddr_t entry = ks->table.offsets + (uint64_t)nr * 4;
	uint32_t raw;

	if (!space_read_u32(ks->names.table.space, entry, &raw, e))
		return within(e, "kallsyms_offsets");
	*ret = decode(ks, entry, raw);
	return true;
}

/* number: of _stext */
static bool choose_encoding(struct kallsyms *ks, uint32_t number, struct err *e)
{
	struct space *space = ks->names.table.space;
	vaddr_t vaddr;

	ks->base = 0;
	if (ks->table.relative_base &&
	    !space_read_u64(space, ks->table.relative_base, &ks->base, e))
		return within(e, "kallsyms_relative_base");
	if (number == UINT32_MAX)
		return fail(e, EINVAL, "kallsyms: there is no _stext");
	for (ks->encoding = PLACE; ks->encoding < N_ENCODINGS; ks->encoding++) {
		if (!vaddr_of(ks, number, &vaddr, e))
			return false;
		if (vaddr == (vaddr_t)space->k->stext)
			return true;
	}
	return fail(e, EINVAL, "kallsyms: _stext is not where VMCOREINFO has it");
}

/* ---- names to addresses -------------------------------------------------------- */

/*
 * Wanted names by their first and last letters, which cost little to learn of a name in
 * the table: hardly any is measured, and none is spelt for nothing.
 */
struct sieve {
	struct symbol_want *first[BUCKETS];
};

static unsigned bucket(uint8_t first, uint8_t last)
{
	return (first * 31u + last) % BUCKETS;
}

static void sieve_add(struct sieve *s, struct symbol_want *wants)
{
	for (struct symbol_want *w = wants; w->name; w++) {
		struct symbol_want **at;

		w->vaddr = 0;
		w->number = UINT32_MAX;
		w->len = strlen(w->name);
		if (!w->len)
			continue;
		at = &s->first[bucket(w->name[0], w->name[w->len - 1])];
		w->next = *at;
		*at = w;
	}
}

static void sieve_name(const struct sieve *s, const struct symbol_names *names,
		       const struct coded_name *name, uint32_t nr)
{
	char first, last, text[SYMBOL_NAME_LEN];
	struct symbol_want *w;
	size_t len;

	symbol_name_ends(names, name, &first, &last);
	w = s->first[bucket(first, last)];
	if (!w)
		return;
	len = symbol_name_len(names, name);
	for (; w; w = w->next)
		if (w->len + 1 == len && w->number == UINT32_MAX &&
		    symbol_name_spell(names, name, text) && !strcmp(w->name, text + 1))
			w->number = nr;
}

static void scan(struct kallsyms *ks, const struct sieve *s)
{
	uint64_t off = 0;

	ks->n_marks = 0;
	for (uint32_t nr = 0; nr < ks->names.n; nr++) {
		struct coded_name name;

		if (nr % ks->stride == 0)
			ks->mark[ks->n_marks++] = off;
		if (!symbol_names_next(&ks->names, &off, &name))
			return;
		sieve_name(s, &ks->names, &name, nr);
	}
}

static bool take_vaddrs(struct kallsyms *ks, struct symbol_want *wants, struct err *e)
{
	for (struct symbol_want *w = wants; w->name; w++)
		if (w->number != UINT32_MAX && !vaddr_of(ks, w->number, &w->vaddr, e))
			return false;
	return true;
}

enum bound { STEXT, TEXT, ETEXT, SINITTEXT, EINITTEXT, END, N_BOUNDS };

/* Without _end only functions have names (CONFIG_KALLSYMS_ALL is off). */
static void take_bounds(struct kallsyms *ks, const struct symbol_want *bounds)
{
	vaddr_t end = bounds[END].vaddr;

	ks->text = (struct vrange){ bounds[STEXT].vaddr, bounds[ETEXT].vaddr };
	if (bounds[TEXT].vaddr && bounds[TEXT].vaddr < ks->text.start)
		ks->text.start = bounds[TEXT].vaddr;
	ks->init_text = (struct vrange){ bounds[SINITTEXT].vaddr, bounds[EINITTEXT].vaddr };
	ks->image = (struct vrange){ ks->text.start, end };
}

bool kallsyms_find(struct kallsyms *ks, struct symbol_want *wants, struct err *e)
{
	struct symbol_want bounds[N_BOUNDS + 1] = {
		[STEXT] = { .name = "_stext" }, [TEXT] = { .name = "_text" },
		[ETEXT] = { .name = "_etext" }, [SINITTEXT] = { .name = "_sinittext" },
		[EINITTEXT] = { .name = "_einittext" }, [END] = { .name = "_end" },
	};
	struct sieve sieve = { .first = { NULL } };

	sieve_add(&sieve, wants);
	sieve_add(&sieve, bounds);
	scan(ks, &sieve);
	if (ks->state != SCANNED) {
		ks->state = SENSELESS;
		if (!choose_encoding(ks, bounds[STEXT].number, e) ||
		    !take_vaddrs(ks, bounds, e))
			return false;
		take_bounds(ks, bounds);
		ks->state = SCANNED;
	}
	return take_vaddrs(ks, wants, e);
}

bool kallsyms_named(struct kallsyms *ks, const char *name, vaddr_t *vaddr_ret)
{
	struct symbol_want wants[] = { { .name = name }, { .name = NULL } };
	struct err ignored;

	if (!kallsyms_find(ks, wants, &ignored) || wants[0].number == UINT32_MAX)
		return false;
	*vaddr_ret = wants[0].vaddr;
	return true;
}

/* ---- addresses to names -------------------------------------------------------- */

static bool is_scanned(struct kallsyms *ks)
{
	struct symbol_want none = { .name = NULL };
	struct err ignored;

	return ks->state == SCANNED ||
	       (ks->state == UNSCANNED && kallsyms_find(ks, &none, &ignored));
}

bool kallsyms_is_text(struct kallsyms *ks, vaddr_t vaddr)
{
	return is_scanned(ks) &&
	       (vrange_has(ks->text, vaddr) || vrange_has(ks->init_text, vaddr));
}

/* How many symbols lie before vaddr. */
static bool count_before(struct kallsyms *ks, vaddr_t vaddr, uint32_t *ret)
{
	uint32_t low = 0, high = ks->names.n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct err ignored;
		vaddr_t there;

		if (!vaddr_of(ks, middle, &there, &ignored))
			return false;
		if (there < vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return true;
}

/* The place of name nr. */
static bool name_place(struct kallsyms *ks, uint32_t nr, uint64_t *off)
{
	struct coded_name name;

	if (nr / ks->stride >= ks->n_marks)
		return false;
	*off = ks->mark[nr / ks->stride];
	for (uint32_t left = nr % ks->stride; left; left--)
		if (!symbol_names_next(&ks->names, off, &name))
			return false;
	return true;
}

/* Marks of the assembler and the linker, which name no thing: ".L12", "$x.3" */
static bool is_mark(const char *name)
{
	return name[0] == '$' || name[0] == '.';
}

/* Both with their type. */
static bool is_better(const char *a, const char *b)
{
	bool a_global = a[0] >= 'A' && a[0] <= 'Z', b_global = b[0] >= 'A' && b[0] <= 'Z';

	if (is_mark(a + 1) != is_mark(b + 1))
		return is_mark(b + 1);
	if (a_global != b_global)
		return a_global;
	if (strlen(a) != strlen(b))
		return strlen(a) < strlen(b);
	return strcmp(a + 1, b + 1) < 0;
}

/* The best of the names [nr, end). */
static bool best_name(struct kallsyms *ks, uint32_t nr, uint32_t end,
		      char best[SYMBOL_NAME_LEN])
{
	uint64_t off;

	if (!name_place(ks, nr, &off))
		return false;
	best[0] = '\0';
	for (end = min_u64(end, nr + MAX_ALIASES); nr < end; nr++) {
		char text[SYMBOL_NAME_LEN];
		struct coded_name name;

		if (!symbol_names_next(&ks->names, &off, &name))
			break;
		if (symbol_name_spell(&ks->names, &name, text) &&
		    (!best[0] || is_better(text, best)))
			strcpy(best, text);
	}
	return best[0];
}

static bool has_name(struct kallsyms *ks, vaddr_t vaddr)
{
	if (!is_scanned(ks))
		return false;
	return ks->image.end ? vrange_has(ks->image, vaddr) : kallsyms_is_text(ks, vaddr);
}

bool kallsyms_at(struct kallsyms *ks, vaddr_t vaddr, struct kallsym *sym)
{
	char best[SYMBOL_NAME_LEN];
	uint32_t first, end;
	struct err ignored;
	vaddr_t next;

	if (!has_name(ks, vaddr) || !count_before(ks, vaddr + 1, &end) || !end ||
	    !vaddr_of(ks, end - 1, &sym->vaddr, &ignored) || sym->vaddr > vaddr ||
	    !count_before(ks, sym->vaddr, &first) || first >= end ||
	    !best_name(ks, first, end, best))
		return false;
	if (end == ks->names.n || !vaddr_of(ks, end, &next, &ignored) || next <= vaddr)
		next = ks->image.end > vaddr ? ks->image.end : vaddr + 1;
	sym->type = printable(best[0]);
	sym->off = vaddr - sym->vaddr;
	sym->size = next - sym->vaddr;
	memset(sym->name, 0, sizeof(sym->name));
	for (size_t i = 0; i < sizeof(sym->name) - 1 && best[i + 1]; i++)
		sym->name[i] = printable(best[i + 1]);
	return true;
}
