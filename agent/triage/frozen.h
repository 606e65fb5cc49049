/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File systems that were frozen: who writes to one waits until somebody thaws it; and those
 * that were shut down after an error: whatever is asked of one fails.
 */
#ifndef TRIAGE_FROZEN_H
#define TRIAGE_FROZEN_H

#include "paths.h"
#include "supers.h"

#define FROZEN_MAX 8u

struct frozen_fs {
	vaddr_t at;		/* struct super_block */
	char fs[24], device[32];
	bool is_shut;		/* down, and not frozen */
};

struct frozen_facts {
	int64_t super_block_len;
	int64_t unfrozen;	/* enumerator SB_UNFROZEN */
	int64_t complete;	/* and SB_FREEZE_COMPLETE */
	struct field state;	/* super_block.s_writers.frozen */
	struct field own;	/* super_block.s_fs_info: what the file system knows itself */
};

/* A word of flags in that, of two file systems, which are modules mostly. */
struct ext4_facts {
	struct field flags;
};

struct xfs_facts {
	struct field flags;
};

extern const struct wish_set frozen_wishes, ext4_wishes, xfs_wishes;

struct frozen {
	const struct frozen_facts *facts;
	const struct path_facts *paths;
	struct supers supers;
	const struct ext4_facts *ext4;	/* NULL: not looked for */
	const struct xfs_facts *xfs;
	struct frozen_fs list[FROZEN_MAX];
	unsigned n;
};

/* Never fails: what cannot be read is not in the list. */
void frozen_read(struct frozen *f);

/* The one in whose struct super_block that lies; NULL: in none. */
const struct frozen_fs *frozen_holding(const struct frozen *f, vaddr_t vaddr);

#endif
