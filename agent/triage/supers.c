/* SPDX-License-Identifier: GPL-2.0-or-later */
/* They hang in one list (Linux fs/super.c). */
#include "supers.h"

#include "base/err.h"

#define SUPER_BLOCKS_MAX 4096u

#define AT(member) offsetof(struct super_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "super_blocks", AT(head) },
	WISH_FIELD("super_block.s_list", AT(list)),
};

const struct wish_set super_wishes = WISH_SET(wishes, struct super_facts);

void supers_each(const struct supers *s, super_fn *fn, void *ctx)
{
	const struct super_facts *f = s->facts;
	vaddr_t head = (vaddr_t)f->head, at = head, back, next;
	struct err ignored;

	if (!has(f->head) || !has(f->list.off))
		return;
	for (unsigned i = 0; i < SUPER_BLOCKS_MAX && !bounds_over(s->bounds); i++) {
		if (!space_read_u64(s->space, at, &next, &ignored) || next == head ||
		    !space_read_u64(s->space, next + 8, &back, &ignored) || back != at)
			return;
		at = next;
		if (!fn(ctx, at - f->list.off))
			return;
	}
}
