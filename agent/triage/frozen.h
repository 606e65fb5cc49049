/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems that were frozen: who writes to one waits until somebody thaws it. */
#ifndef TRIAGE_FROZEN_H
#define TRIAGE_FROZEN_H

#include "paths.h"
#include "supers.h"

#define FROZEN_MAX 8u

struct frozen_fs {
	vaddr_t at;		/* struct super_block */
	char fs[24], device[32];
};

struct frozen_facts {
	int64_t super_block_len;
	int64_t unfrozen;	/* enumerator SB_UNFROZEN */
	int64_t complete;	/* and SB_FREEZE_COMPLETE */
	struct field state;	/* super_block.s_writers.frozen */
};

extern const struct wish_set frozen_wishes;

struct frozen {
	struct space *space;
	const struct frozen_facts *facts;
	const struct path_facts *paths;
	const struct super_facts *supers;
	struct frozen_fs list[FROZEN_MAX];
	unsigned n;
};

/* Never fails: what cannot be read is not in the list. */
void frozen_read(struct frozen *f);

/* The one in whose struct super_block that lies; NULL: in none. */
const struct frozen_fs *frozen_holding(const struct frozen *f, vaddr_t vaddr);

#endif
