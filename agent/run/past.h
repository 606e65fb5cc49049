/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What earlier crashes of this host have left on a target, and what follows from it. */
#ifndef RUN_PAST_H
#define RUN_PAST_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct crash_loop;
struct target;

/* This crash. Strings are borrowed. */
struct crash_id {
	const char *host;
	int64_t when;
	const char *folder;	/* its own one on the target */
	uint64_t uptime_s;	/* of the crashed kernel; 0: not known */
	unsigned boot;		/* its number; 0: not known */
};

/*
 * Have there been so many crashes lately that the dump of this one is not wanted? `why` says
 * so. There is no other memory of them than their folders: where these cannot be listed
 * there is no loop.
 *
 * Their names say when, as clocks were set, and a clock that starts anew at each boot makes
 * them all look close together. What no clock can say otherwise is how long the kernels were
 * up that crashed, and whether other boots came in between, which ended in good order: with
 * too much of the first, or any of these, there is no loop.
 */
bool past_is_loop(const struct target *t, const struct crash_id *id,
		  const struct crash_loop *loop, struct arena *arena, uint64_t *alive,
		  char why[200]);

/*
 * Removes what is too much: with a whole dump in id->folder the oldest ones until `keep`
 * are left, else only old logs.
 */
void past_remove(const struct target *t, const struct crash_id *id, unsigned keep,
		 bool is_whole, struct arena *arena, uint64_t *alive);

#endif
