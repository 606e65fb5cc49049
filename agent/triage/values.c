/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the order of certainty: what only the kernel writes, then what lies at the address. A
 * number that looks like an error number may be just that number, so it has a mark.
 */
#include "values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "poison.h"

#define STACKS_MAX 8192u
#define STACK_MAX (1u << 22)	/* bytes of one, at most */
#define DATA_SURE 4096u		/* bytes of a variable; what lies further on may be another */
#define NULL_SPAN 4096u

bool values_open(struct values *v, struct arena *arena, struct err *e)
{
	v->n = 0;
	v->stacks = arena_take(arena, STACKS_MAX, sizeof(v->stacks[0]), "stacks", e);
	if (!v->stacks)
		return false;
	for (; v->n < v->procs->n && v->n < STACKS_MAX; v->n++)
		v->stacks[v->n] = field_value(v->space, v->procs->list[v->n].at,
					      v->stack_facts->stack);
	return true;
}

/* ---- written by the kernel itself ---------------------------------------------------- */

static bool marked(uint64_t value, char text[VALUE_TEXT])
{
	const struct poison *p = poison_of(value);
	int number = error_number(value);

	/* -1 is rather a number than EPERM. */
	if (number > 1 && error_name(number)[0])
		return snprintf(text, VALUE_TEXT, "-%s ?", error_name(number));
	if (!p)
		return false;
	if (value == p->value)
		return snprintf(text, VALUE_TEXT, "%s: %s", p->name, p->what);
	return snprintf(text, VALUE_TEXT, "%s + %#" PRIx64 ": %s", p->name, value - p->value,
			p->what);
}

/* Eight characters, which no pointer is made of. */
static bool characters(uint64_t value, char text[VALUE_TEXT])
{
	char word[9] = "";

	for (unsigned i = 0; i < 8; i++) {
		uint8_t byte = (uint8_t)(value >> 8 * i);

		if (byte < ' ' || byte > '~' || byte == '"')
			return false;
		word[i] = (char)byte;
	}
	return snprintf(text, VALUE_TEXT, "characters \"%s\"", word);
}

/* ---- what lies there ------------------------------------------------------------------- */

static bool named(struct values *v, uint64_t value, char text[VALUE_TEXT])
{
	static const char *const kinds[] = { "text", "data", "rodata" };
	const struct region *region = NULL;
	const struct module *mod = module_at(&v->symbols->modules, value, &region);
	struct symbol sym;
	size_t len;

	if (symbol_at(v->symbols, value, &sym) && symbol_is_sure(&sym)) {
		symbol_text(&sym, text);
		len = strlen(text);
		if (sym.off >= DATA_SURE && !symbols_is_text(v->symbols, value))
			snprintf(text + len, VALUE_TEXT - len, " ?");
		else if (mod && region->kind != REGION_TEXT)
			snprintf(text + len, VALUE_TEXT - len, ", %s", kinds[region->kind]);
		return true;
	}
	if (mod)
		return snprintf(text, VALUE_TEXT, "%s of [%s]", kinds[region->kind], mod->name);
	if (!symbols_is_orphan(v->symbols, value))
		return false;
	return snprintf(text, VALUE_TEXT, "in the module area, in no module%s%s%s",
			v->symbols->modules.last_unloaded[0] ? " (last unloaded: " : "",
			v->symbols->modules.last_unloaded,
			v->symbols->modules.last_unloaded[0] ? ")" : "");
}

static bool of_task(struct values *v, uint64_t value, char text[VALUE_TEXT])
{
	const struct proc *p = procs_by_address(v->procs, value);

	if (p)
		return snprintf(text, VALUE_TEXT, "task %s (pid %u)", p->comm, p->pid);
	for (unsigned i = 0; i < v->n; i++) {
		p = &v->procs->list[i];
		if (v->stacks[i] && value - v->stacks[i] < STACK_MAX &&
		    value - v->stacks[i] < sleeper_stack_len(v->space, v->stack_facts,
							     v->page_shift, p->at))
			return snprintf(text, VALUE_TEXT, "stack of %s (pid %u)", p->comm,
					p->pid);
	}
	return false;
}

static bool in_slab(struct values *v, uint64_t value, char text[VALUE_TEXT])
{
	struct slab_object object;

	if (!slab_object_at(v->slabs, value, &object))
		return false;
	snprintf(text, VALUE_TEXT, object.off ? "slab %s%s + %#" PRIx64 : "slab %s%s",
		 object.cache, object.is_merged ? " (merged)" : "", object.off);
	return true;
}

/* A page of a file or of user mode; its flags and what it points to are the two witnesses. */
static bool in_page(struct values *v, uint64_t value, char text[VALUE_TEXT])
{
	struct page_layout *l = &v->slabs->layout;
	uint8_t bytes[PAGE_STRUCT_MAX];
	struct file_place place;
	uint64_t mapping, number;
	struct err ignored;
	pfn_t n_before;
	vaddr_t page;

	if (!slabs_page_of(v->slabs, value, &page, &n_before) ||
	    !space_read(v->space, page, bytes, l->size, &ignored) ||
	    page_has_type(l, page_mapcount(l, bytes)))
		return false;
	mapping = get_u64(bytes + l->mapping);
	if ((mapping & 3) == MAPPING_ANON && page_flags(l, bytes) & l->swapbacked)
		return snprintf(text, VALUE_TEXT, "a page of user mode, anonymous");
	if (!mapping || mapping & 3 ||
	    !path_of_inode(v->paths, field_value(v->space, mapping, v->paths->facts->host),
			   &place, &number))
		return false;
	return snprintf(text, VALUE_TEXT, "a page of %s inode %" PRIu64 "%s%s", place.fs,
			number, place.path[0] ? ", " : "", place.path);
}

bool value_text(struct values *v, uint64_t value, char text[VALUE_TEXT])
{
	text[0] = '\0';
	/* Neither numbers nor addresses of user mode can be told for certain. */
	if (!(value >> 55))
		return false;
	if (marked(value, text) || characters(value, text) || !v->space)
		return text[0];
	return named(v, value, text) || of_task(v, value, text) || in_slab(v, value, text) ||
	       in_page(v, value, text);
}

void address_text(struct values *v, uint64_t address, char text[VALUE_TEXT])
{
	if (value_text(v, address, text))
		return;
	if (address < NULL_SPAN)
		snprintf(text, VALUE_TEXT, "NULL + %#" PRIx64, address);
	else if (!(address >> 55))
		snprintf(text, VALUE_TEXT, "an address of user mode");
}
