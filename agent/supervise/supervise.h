/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture from the side that must not hang: the session runs in a child, which is given
 * up when it stands still, and what is left to do goes to another. PID 1 of the capture
 * kernel does it, and so does a test on the healthy machine.
 */
#ifndef SUPERVISE_SUPERVISE_H
#define SUPERVISE_SUPERVISE_H

#include <stdbool.h>

#include "base/progress.h"
#include "capture/job.h"
#include "config/config.h"

struct err;
struct occasion;
struct watchdog;

/*
 * As often as that a child can be started; what ends it is the deadline, or retry_round().
 * A place for its progress serves the next one, unless it could not be killed.
 */
#define MAX_ATTEMPTS 500
#define MAX_PLACES (MAX_TARGETS + 8)

/* In memory that the children share with whoever watches them. */
struct supervised {
	struct fate fates[MAX_TARGETS];
	struct totals totals[MAX_TARGETS];
	struct progress places[MAX_PLACES];
};

struct supervisor {
	const struct config *config;
	int signal_fd;			/* child_signals()'s */
	double deadline;		/* monotonic second at which all has to be over */
	struct watchdog *watchdog;	/* petted while something moves; NULL: leave it alone */
	const struct occasion *occasion;
	struct supervised *shared;
	unsigned place;			/* of the next child's progress */
	bool blind;			/* it is not shared, as there is no memory for that */
	bool saved_blind;
	bool only_rest;			/* the dump is saved: it ends soon */
	int signal;			/* somebody wants it to end */
};

/* Takes the memory. */
bool supervise_begin(struct supervisor *s, struct err *e);

/*
 * In place of it, with memory of our own: then all that is known of a child is how it
 * ended, and it is given up only at the deadline.
 */
void supervise_blind(struct supervisor *s, struct supervised *own);

/*
 * Runs a child after the other until there is nothing more to do. True when what was wanted
 * is saved. What became of each target is in s->shared->fates.
 */
bool supervise(struct supervisor *s);

#endif
