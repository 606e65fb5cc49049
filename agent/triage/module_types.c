/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of all modules' types, each of which goes on where the kernel's own end (Linux
 * kernel/bpf/btf.c, since 5.11). What the file of the module had is given back.
 */
#include "module_types.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "kernel/btf.h"

#define MODULES_MAX 4096u
#define NAME_MAX_LEN 56
#define DATA_MAX (64u << 20)

#define AT(member) offsetof(struct module_type_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "btf_modules", AT(head) },
	WISH_FIELD("btf_module.list", AT(list)),
	WISH_FIELD("btf_module.module", AT(module)),
	WISH_FIELD("btf_module.btf", AT(btf)),
	WISH_FIELD("btf.data", AT(data)),
	WISH_FIELD("btf.data_size", AT(data_len)),
	WISH_FIELD("btf.start_id", AT(start_id)),
	WISH_FIELD("btf.start_str_off", AT(start_string)),
	WISH_FIELD("module.name", AT(name)),
};

const struct wish_set module_type_wishes = WISH_SET(wishes, struct module_type_facts);

static bool is_named(const struct module_types *t, vaddr_t entry, const char *module)
{
	char name[NAME_MAX_LEN];

	field_text(t->space, field_value(t->space, entry, t->facts->module), t->facts->name,
		   name, sizeof(name));
	return !strcmp(name, module);
}

/* Its struct btf; 0: it is not in the list. */
static vaddr_t find(const struct module_types *t, const char *module)
{
	vaddr_t head = (vaddr_t)t->facts->head, at = head, next, back;
	struct err ignored;

	if (!has(t->facts->head) || !has(t->facts->list.off))
		return 0;
	for (unsigned i = 0; i < MODULES_MAX; i++) {
		if (!space_read_u64(t->space, at, &next, &ignored) || next == head ||
		    !space_read_u64(t->space, next + 8, &back, &ignored) || back != at)
			return 0;
		at = next;
		if (is_named(t, at - t->facts->list.off, module))
			return field_value(t->space, at - t->facts->list.off, t->facts->btf);
	}
	return 0;
}

static bool open_types(const struct module_types *t, vaddr_t btf, struct btf *types)
{
	vaddr_t data = field_value(t->space, btf, t->facts->data);
	uint64_t len = field_value(t->space, btf, t->facts->data_len), id, string;
	struct err ignored;

	return data && len && len <= DATA_MAX &&
	       field_read(t->space, btf, t->facts->start_id, &id) &&
	       field_read(t->space, btf, t->facts->start_string, &string) &&
	       id == t->kernel->n_types + 1ULL && string == t->kernel->strings.len &&
	       btf_open_module(types, t->kernel, (struct vrange){ data, data + len }, &ignored);
}

bool module_types_fill(const struct module_types *t, const char *module,
		       const struct wish_list *lists, struct arena *arena)
{
	size_t mark = arena_mark(arena);
	struct err ignored;
	struct btf *types = arena_take(arena, 1, sizeof(*types), "a module's types", &ignored);
	vaddr_t btf = types && t->kernel ? find(t, module) : 0;
	bool ok = btf && open_types(t, btf, types);

	if (ok)
		wishes_fill_types(types, lists);
	arena_release(arena, mark);
	return ok;
}
