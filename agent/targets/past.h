/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A crash, and where what came before it is looked for. */
#ifndef TARGETS_PAST_H
#define TARGETS_PAST_H

#include <stdint.h>

struct arena;
struct store;

#define PAST_COUNT_S 10			/* for a count, which the dump waits for */
#define PAST_MANIFEST_LEN (64u << 10)	/* of one that is read */

/* This crash. Strings are borrowed. */
struct crash_id {
	const char *host;
	int64_t when;
	const char *folder;	/* its own one on the target; NULL: it has none yet */
	uint64_t uptime_s;	/* of the crashed kernel; 0: not known */
	unsigned boot;		/* its number; 0: not known */
};

/* Where its forerunners are looked for, and with what. */
struct past {
	struct store *store;
	const struct crash_id *id;
	struct arena *arena;	/* given back */
	uint64_t *alive;	/* counts steps */
};

#endif
