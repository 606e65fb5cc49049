/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filling structs of facts. Wishes are looked up by the hundred: a further pass is cheaper
 * than room for any number.
 */
#include "wishes.h"

#include <errno.h>
#include <string.h>

#define SYMBOLS_AT_ONCE 128u
#define PATHS_AT_ONCE 512u
#define WISHES_AT_ONCE 1024u

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

/* Wishes for one path stand side by side: what a path leads to is looked up once. */
struct paths {
	struct btf_want wants[PATHS_AT_ONCE + 1];
	struct asked {
		const struct wish *wish;
		int64_t *fact;
		struct btf_want *want;
	} asked[WISHES_AT_ONCE];
	size_t n_wants, n_asked;
};

static bool ask(struct paths *p, const struct wish *w, int64_t *fact)
{
	struct btf_want *want = &p->wants[p->n_wants];

	if (p->n_asked == WISHES_AT_ONCE)
		return false;
	if (p->n_wants && !strcmp(want[-1].path, w->name))
		want--;
	else if (p->n_wants == PATHS_AT_ONCE)
		return false;
	else
		p->n_wants++;
	want->path = w->name;
	p->asked[p->n_asked++] = (struct asked){ w, fact, want };
	return true;
}

static void fill_paths(struct btf *types, const struct wish_list *lists)
{
	struct place at = { lists, 0 };
	const struct wish *w = next_wish(&at, false);

	while (w) {
		struct paths p;

		p.n_wants = p.n_asked = 0;
		while (w && ask(&p, w, fact_of(&at, w)))
			w = next_wish(&at, false);
		p.wants[p.n_wants].path = NULL;
		btf_find(types, p.wants);
		for (size_t i = 0; i < p.n_asked; i++)
			if (p.asked[i].want->found)
				put_field(p.asked[i].fact, p.asked[i].wish,
					  &p.asked[i].want->field);
	}
}

static void forget(const struct wish_list *lists)
{
	for (const struct wish_list *l = lists; l->set; l++)
		for (size_t at = 0; at < l->set->facts_len; at += sizeof(int64_t))
			*(int64_t *)((char *)l->facts + at) = ABSENT;
}

bool wishes_fill(struct tables *t, const struct wish_list *lists, struct err *e)
{
	struct btf *types;

	forget(lists);
	if (!fill_symbols(t, lists, e))
		return false;
	types = tables_types(t, e);
	if (!types)
		return false;
	fill_paths(types, lists);
	return true;
}

void wishes_fill_types(struct btf *types, const struct wish_list *lists)
{
	forget(lists);
	fill_paths(types, lists);
}
