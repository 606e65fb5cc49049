/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is tried after a child of PID 1 has died or was given up, and after one that has
 * saved too little: what killed one is not done again by the next, what is saved already
 * is not saved again, and there is an end to it. Plain values in, plain values out; starts
 * and kills nobody.
 *
 * Work goes in rounds. In one round each target has its turn; one that fails waits for the
 * next round, so that it does not hold up the others. Between rounds there are pauses that
 * grow, in which a server or a disk may come to itself.
 */
#ifndef SUPERVISE_RETRY_H
#define SUPERVISE_RETRY_H

#include <stdbool.h>

struct attempt;
struct fate;
struct progress;

enum ending {
	ENDED,		/* by its own decision */
	DIED,		/* of something in it, or went round in a loop of ours */
	OVERDUE,	/* the time of its target was over */
	STUCK,		/* waited for the target */
	HUNG,		/* waits for the target, and cannot even be killed */
};

/* Whose work it was: all there are, and what became of them. */
struct fated {
	struct fate *fates;
	unsigned n;
};

/*
 * Turns the attempt that ended so, not by its own decision, into the next one of this
 * round. False: nothing is left to try in it.
 */
bool retry_next(const struct progress *p, struct attempt *a, struct fated targets,
		enum ending ending, const char *why);

/*
 * Turns the last attempt of a round into the first of the next one. Returns how many
 * seconds to wait before it; -1: no other round, as nothing would come of it. left_s is
 * the time that there is.
 */
int retry_round(struct attempt *a, struct fated targets, double left_s);

bool retry_has_dump(struct fated targets);

/* All that was wanted is saved: a dump, or the log where the dump was withheld. */
bool retry_is_saved(struct fated targets);

#endif
