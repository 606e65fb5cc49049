/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is tried after a child of PID 1 has died or was given up: what killed one is not
 * done again by the next, what is saved already is not saved again, and there is an end
 * to it. Plain values in, plain values out; starts and kills nobody.
 */
#ifndef RUN_RETRY_H
#define RUN_RETRY_H

#include <stdbool.h>

struct attempt;
struct fate;
struct progress;

enum ending {
	ENDED,		/* by its own decision */
	DIED,		/* of something in it, or was told to */
	STUCK,		/* waited for the target */
	HUNG,		/* waits for the target, and cannot even be killed */
};

/* Turns the attempt that ended so into the next one. False: nothing is left to try. */
bool retry_next(const struct progress *p, struct attempt *a, struct fate *fates,
		unsigned n_targets, enum ending ending, const char *why);

bool retry_has_dump(const struct fate *fates, unsigned n_targets);

/* All that was wanted is saved: a dump, or the log where the dump was withheld. */
bool retry_is_saved(const struct fate *fates, unsigned n_targets);

#endif
