/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each super block says how far its file system is frozen (Linux fs/super.c). */
#include "frozen.h"

#include <stdio.h>

#define AT(member) offsetof(struct frozen_facts, member)

static const struct wish wishes[] = {
	{ WISH_SIZE, "super_block", AT(super_block_len) },
	{ WISH_VALUE, ".SB_UNFROZEN", AT(unfrozen) },
	{ WISH_VALUE, ".SB_FREEZE_COMPLETE", AT(complete) },
	WISH_FIELD("super_block.s_writers.frozen", AT(state)),
};

const struct wish_set frozen_wishes = WISH_SET(wishes, struct frozen_facts);

static bool look_at(void *ctx, vaddr_t at)
{
	struct frozen *f = ctx;
	const struct paths paths = { f->space, f->paths };
	struct frozen_fs *one = &f->list[f->n];
	struct file_place place;
	uint64_t state;

	if (!field_read(f->space, at, f->facts->state, &state) ||
	    (int64_t)state <= f->facts->unfrozen || (int64_t)state > f->facts->complete)
		return true;
	path_of_super(&paths, at, &place);
	if (!place.fs[0])
		return true;
	*one = (struct frozen_fs){ .at = at };
	snprintf(one->fs, sizeof(one->fs), "%s", place.fs);
	snprintf(one->device, sizeof(one->device), "%s", place.device);
	return ++f->n < FROZEN_MAX;
}

void frozen_read(struct frozen *f)
{
	f->n = 0;
	if (has(f->facts->unfrozen) && has(f->facts->complete))
		supers_each(f->space, f->supers, look_at, f);
}

const struct frozen_fs *frozen_holding(const struct frozen *f, vaddr_t vaddr)
{
	for (unsigned i = 0; i < f->n; i++)
		if (has(f->facts->super_block_len) && vaddr >= f->list[i].at &&
		    vaddr - f->list[i].at < (uint64_t)f->facts->super_block_len)
			return &f->list[i];
	return NULL;
}
