/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All file systems are in one list (Linux fs/super.c), each with how far it is frozen. */
#include "frozen.h"

#include "base/err.h"

#define SUPER_BLOCKS_MAX 4096u

#define AT(member) offsetof(struct frozen_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "super_blocks", AT(super_blocks) },
	{ WISH_SIZE, "super_block", AT(super_block_len) },
	{ WISH_VALUE, ".SB_UNFROZEN", AT(unfrozen) },
	{ WISH_VALUE, ".SB_FREEZE_COMPLETE", AT(complete) },
	WISH_FIELD("super_block.s_list", AT(list)),
	WISH_FIELD("super_block.s_writers.frozen", AT(state)),
};

const struct wish_set frozen_wishes = WISH_SET(wishes, struct frozen_facts);

static void look_at(struct frozen *f, vaddr_t at)
{
	struct frozen_fs *one = &f->list[f->n];
	uint64_t state;

	if (f->n == FROZEN_MAX || !field_read(f->space, at, f->facts->state, &state) ||
	    (int64_t)state <= f->facts->unfrozen || (int64_t)state > f->facts->complete)
		return;
	*one = (struct frozen_fs){ .at = at };
	text_at(f->space, field_value(f->space, field_value(f->space, at, f->paths->sb_type),
				      f->paths->type_name), one->fs, sizeof(one->fs));
	field_text(f->space, at, f->paths->sb_id, one->device, sizeof(one->device));
	if (one->fs[0])
		f->n++;
}

void frozen_read(struct frozen *f)
{
	vaddr_t at = (vaddr_t)f->facts->super_blocks, back, next;
	struct err ignored;

	f->n = 0;
	if (!has(f->facts->super_blocks) || !has(f->facts->list.off) ||
	    !has(f->facts->unfrozen) || !has(f->facts->complete))
		return;
	for (unsigned i = 0; i < SUPER_BLOCKS_MAX; i++) {
		if (!space_read_u64(f->space, at, &next, &ignored) ||
		    next == (vaddr_t)f->facts->super_blocks ||
		    !space_read_u64(f->space, next + 8, &back, &ignored) || back != at)
			return;
		at = next;
		look_at(f, at - f->facts->list.off);
	}
}

const struct frozen_fs *frozen_holding(const struct frozen *f, vaddr_t vaddr)
{
	for (unsigned i = 0; i < f->n; i++)
		if (has(f->facts->super_block_len) && vaddr >= f->list[i].at &&
		    vaddr - f->list[i].at < (uint64_t)f->facts->super_block_len)
			return &f->list[i];
	return NULL;
}
