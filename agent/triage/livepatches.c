/* SPDX-License-Identifier: GPL-2.0-or-later */
/* They hang in one list (Linux kernel/livepatch/core.c); each belongs to a module. */
#include "livepatches.h"

#include <stdio.h>

#include "base/err.h"
#include "taint.h"

#define AT(member) offsetof(struct livepatch_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "klp_patches", AT(head) },
	WISH_FIELD("klp_patch.list", AT(list)),
	WISH_FIELD("klp_patch.mod", AT(module)),
	WISH_FIELD("klp_patch.enabled", AT(enabled)),
};

const struct wish_set livepatch_wishes = WISH_SET(wishes, struct livepatch_facts);

/* The module that it says is its own, if that is one which has patches. */
static const struct module *module_of(const struct modules *m, const struct livepatch_facts *f,
				      vaddr_t patch)
{
	vaddr_t at = field_value(m->space, patch, f->module);

	for (unsigned i = 0; i < m->n; i++)
		if (m->list[i].at == at && m->list[i].taints & TAINT_BIT(TAINT_LIVEPATCH))
			return &m->list[i];
	return NULL;
}

unsigned livepatches_read(const struct modules *m, const struct livepatch_facts *f,
			  struct livepatch list[LIVEPATCHES_MAX])
{
	vaddr_t head = (vaddr_t)f->head, at = head, next, back;
	struct err ignored;
	unsigned n = 0;

	if (!has(f->head) || !has(f->list.off))
		return 0;
	while (n < LIVEPATCHES_MAX) {
		const struct module *mod;

		if (!space_read_u64(m->space, at, &next, &ignored) || next == head ||
		    !space_read_u64(m->space, next + 8, &back, &ignored) || back != at)
			return n;
		at = next;
		mod = module_of(m, f, at - f->list.off);
		if (!mod)
			return n;
		snprintf(list[n].name, sizeof(list[n].name), "%s", mod->name);
		list[n++].is_enabled = field_value(m->space, at - f->list.off, f->enabled);
	}
	return n;
}
