/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files of this machine `crashbox reserve` would change, and how. */
#ifndef VERBS_RESERVE_CHANGES_H
#define VERBS_RESERVE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "kexec/reserve_edit.h"

struct err;

#define RESERVE_STATE STATE_DIR "/reserve"	/* lines of a file and the words that it had */
#define RESERVE_STATE_MAX 16384
#define RESERVE_NONE "-"			/* there: it had no such words */
#define RESERVE_CHANGES_MAX 128

struct reserve_change {
	const struct reserve_row *row;
	char path[HOST_PATH_MAX];	/* below no root, as it is remembered */
	char old[RESERVE_WORDS];	/* words that it had */
	struct blob from, to;
};

struct reserving {
	bool is_sure, only_shows, undoes;
	const char *root;
	char words[RESERVE_WORDS];	/* that are to be there; to undo, each file's own */
	char state[RESERVE_STATE_MAX];	/* of before */
	struct reserve_change at[RESERVE_CHANGES_MAX];
	unsigned n, n_seen;		/* files that change, and that could */
	struct arena arena;
};

/* The words that a file had before us; NULL: we have not changed it. */
const char *reserve_remembered(const struct reserving *r, const char *path, size_t *len);

/* Fills r->at. */
bool reserve_find(struct reserving *r, struct err *e);

#endif
