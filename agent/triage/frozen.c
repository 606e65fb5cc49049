/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each super block says how far its file system is frozen (Linux fs/super.c); that one was shut
 * down the file system itself knows (fs/ext4/ext4.h, fs/xfs/xfs_mount.h).
 */
#include "frozen.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct frozen_facts, member)

static const struct wish wishes[] = {
	{ WISH_SIZE, "super_block", AT(super_block_len) },
	{ WISH_VALUE, ".SB_UNFROZEN", AT(unfrozen) },
	{ WISH_VALUE, ".SB_FREEZE_COMPLETE", AT(complete) },
	WISH_FIELD("super_block.s_writers.frozen", AT(state)),
	WISH_FIELD("super_block.s_fs_info", AT(own)),
};

const struct wish_set frozen_wishes = WISH_SET(wishes, struct frozen_facts);

static const struct wish of_ext4[] = {
	WISH_FIELD("ext4_sb_info.s_ext4_flags", offsetof(struct ext4_facts, flags)),
};

static const struct wish of_xfs[] = {
	WISH_FIELD("xfs_mount.m_opstate", offsetof(struct xfs_facts, flags)),
};

const struct wish_set ext4_wishes = WISH_SET(of_ext4, struct ext4_facts);
const struct wish_set xfs_wishes = WISH_SET(of_xfs, struct xfs_facts);

/* Bits of those words: EXT4_FLAGS_SHUTDOWN, XFS_OPSTATE_SHUTDOWN (the next is INODE32). */
enum { EXT4_SHUT = 1, XFS_SHUT = 2 };

static bool is_frozen(const struct frozen *f, vaddr_t at)
{
	uint64_t state;

	return has(f->facts->unfrozen) && has(f->facts->complete) &&
	       field_read(f->supers.space, at, f->facts->state, &state) &&
	       (int64_t)state > f->facts->unfrozen && (int64_t)state <= f->facts->complete;
}

static bool is_shut(const struct frozen *f, vaddr_t at, const char *fs)
{
	vaddr_t own = field_value(f->supers.space, at, f->facts->own);

	if (own && f->ext4 && !strcmp(fs, "ext4"))
		return field_value(f->supers.space, own, f->ext4->flags) >> EXT4_SHUT & 1;
	if (own && f->xfs && !strcmp(fs, "xfs"))
		return field_value(f->supers.space, own, f->xfs->flags) >> XFS_SHUT & 1;
	return false;
}

static bool look_at(void *ctx, vaddr_t at)
{
	struct frozen *f = ctx;
	const struct paths paths = { f->supers.space, f->paths };
	bool frozen = is_frozen(f, at);
	struct frozen_fs *one = &f->list[f->n];
	struct file_place place;

	if (!frozen && !f->ext4 && !f->xfs)
		return true;
	path_of_super(&paths, at, &place);
	if (!place.fs[0] || (!frozen && !is_shut(f, at, place.fs)))
		return true;
	*one = (struct frozen_fs){ .at = at, .is_shut = !frozen };
	snprintf(one->fs, sizeof(one->fs), "%s", place.fs);
	snprintf(one->device, sizeof(one->device), "%s", place.device);
	return ++f->n < FROZEN_MAX;
}

void frozen_read(struct frozen *f)
{
	f->n = 0;
	supers_each(&f->supers, look_at, f);
}

const struct frozen_fs *frozen_holding(const struct frozen *f, vaddr_t vaddr)
{
	for (unsigned i = 0; i < f->n; i++)
		if (!f->list[i].is_shut && has(f->facts->super_block_len) &&
		    vaddr >= f->list[i].at &&
		    vaddr - f->list[i].at < (uint64_t)f->facts->super_block_len)
			return &f->list[i];
	return NULL;
}
