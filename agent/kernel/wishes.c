/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filling structs of facts. Wishes are looked up by the hundred: a further pass is cheaper
 * than room for any number.
 */
#include "wishes.h"

#include <errno.h>

#define SYMBOLS_AT_ONCE 128u
#define PATHS_AT_ONCE 256u

/* ---- tables ------------------------------------------------------------------ */

void tables_init(struct tables *t, struct space *space)
{
	t->space = space;
	t->symbols_are = t->types_are = TABLE_UNTRIED;
}

static bool open_symbols(struct tables *t, struct err *e)
{
	if (!t->space)
		return fail(e, ENOENT, "the kernel's memory cannot be read by its addresses");
	return kallsyms_open(&t->symbols, t->space, e);
}

struct kallsyms *tables_symbols(struct tables *t, struct err *e)
{
	if (t->symbols_are == TABLE_UNTRIED)
		t->symbols_are = open_symbols(t, &t->no_symbols) ? TABLE_OPEN : TABLE_USELESS;
	if (t->symbols_are == TABLE_OPEN)
		return &t->symbols;
	*e = t->no_symbols;
	return NULL;
}

/* Where it lies is told by the symbols __start_BTF and __stop_BTF. */
static void open_types(struct tables *t, struct vrange where)
{
	t->types_are = TABLE_USELESS;
	if (!where.start || !where.end)
		err_set(&t->no_types, ENOENT, "the kernel has no BTF");
	else if (btf_open(&t->types, t->space, where, &t->no_types))
		t->types_are = TABLE_OPEN;
}

/* Looks up wants, of which the first two are where the types lie. */
static bool find_symbols(struct tables *t, struct symbol_want *wants, struct err *e)
{
	struct kallsyms *symbols = tables_symbols(t, e);

	if (!symbols)
		return false;
	if (!kallsyms_find(symbols, wants, e)) {
		t->symbols_are = TABLE_USELESS;
		t->no_symbols = *e;
		return false;
	}
	if (t->types_are == TABLE_UNTRIED)
		open_types(t, (struct vrange){ wants[0].vaddr, wants[1].vaddr });
	return true;
}

static void want_types(struct symbol_want *wants)
{
	wants[0].name = "__start_BTF";
	wants[1].name = "__stop_BTF";
}

struct btf *tables_types(struct tables *t, struct err *e)
{
	struct symbol_want wants[3] = { { .name = NULL } };

	want_types(wants);
	if (t->types_are == TABLE_UNTRIED && !find_symbols(t, wants, e))
		return NULL;
	if (t->types_are == TABLE_OPEN)
		return &t->types;
	*e = t->no_types;
	return NULL;
}

/* ---- wishes ------------------------------------------------------------------ */

/* The place of a wish among those of all lists. */
struct place {
	const struct wish_list *list;
	size_t i;
};

/* The next one that is of a symbol, or that is of a type. */
static const struct wish *next_wish(struct place *at, bool symbol)
{
	for (; at->list->set; at->list++, at->i = 0) {
		const struct wish_set *set = at->list->set;

		while (at->i < set->n) {
			const struct wish *w = &set->wishes[at->i++];

			if ((w->kind == WISH_SYMBOL) == symbol)
				return w;
		}
	}
	return NULL;
}

static int64_t *fact_of(const struct place *at, const struct wish *w)
{
	return (int64_t *)((char *)at->list->facts + w->at);
}

static void put(int64_t *fact, int64_t value)
{
	if (!has(*fact))
		*fact = value;
}

static bool fill_symbols(struct tables *t, const struct wish_list *lists, struct err *e)
{
	struct place at = { lists, 0 };
	const struct wish *w = next_wish(&at, true);

	do {
		struct symbol_want wants[2 + SYMBOLS_AT_ONCE + 1] = { { .name = NULL } };
		int64_t *facts[SYMBOLS_AT_ONCE];
		size_t n = 0;

		want_types(wants);
		for (; w && n < SYMBOLS_AT_ONCE; w = next_wish(&at, true)) {
			wants[2 + n].name = w->name;
			facts[n++] = fact_of(&at, w);
		}
		if (!find_symbols(t, wants, e))
			return false;
		for (size_t i = 0; i < n; i++)
			if (wants[2 + i].vaddr)
				put(facts[i], wants[2 + i].vaddr);
	} while (w);
	return true;
}

static void put_field(int64_t *fact, const struct wish *w, const struct btf_field *f)
{
	switch (w->kind) {
	case WISH_OFF:
		if (!f->width)
			put(fact, f->off);
		break;
	case WISH_SIZE:
		put(fact, f->size);
		break;
	case WISH_COUNT:
		put(fact, f->n);
		break;
	case WISH_BIT:
		put(fact, f->off * 8LL + f->bit);
		break;
	case WISH_WIDTH:
		put(fact, f->width ? f->width : f->size * 8LL);
		break;
	default:
		put(fact, f->value);
	}
}

static bool fill_paths(struct tables *t, const struct wish_list *lists, struct err *e)
{
	struct btf *types = tables_types(t, e);
	struct place at = { lists, 0 };
	const struct wish *w = next_wish(&at, false);

	if (!types)
		return false;
	while (w) {
		struct btf_want wants[PATHS_AT_ONCE + 1];
		const struct wish *wishes[PATHS_AT_ONCE];
		int64_t *facts[PATHS_AT_ONCE];
		size_t n = 0;

		for (; w && n < PATHS_AT_ONCE; w = next_wish(&at, false)) {
			wants[n].path = w->name;
			facts[n] = fact_of(&at, w);
			wishes[n++] = w;
		}
		wants[n].path = NULL;
		btf_find(types, wants);
		for (size_t i = 0; i < n; i++)
			if (wants[i].found)
				put_field(facts[i], wishes[i], &wants[i].field);
	}
	return true;
}

bool wishes_fill(struct tables *t, const struct wish_list *lists, struct err *e)
{
	for (const struct wish_list *l = lists; l->set; l++)
		for (size_t at = 0; at < l->set->facts_len; at += sizeof(int64_t))
			*(int64_t *)((char *)l->facts + at) = ABSENT;
	return fill_symbols(t, lists, e) && fill_paths(t, lists, e);
}
