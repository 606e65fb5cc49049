/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose stacks tell of a hung task: of its circle, or of who has what it waits for. */
#ifndef TRIAGE_WAIT_CHAIN_H
#define TRIAGE_WAIT_CHAIN_H

#include "report.h"

#define WAIT_NAMES 2u

/* One task of a circle: the innermost functions of its stack that are no helpers. */
struct wait_member {
	struct frame_name names[WAIT_NAMES];
	unsigned n;
};

/* Which of them to begin with: the same circle is told alike wherever it was entered. */
unsigned wait_circle_first(const struct wait_member *members, unsigned n);

/*
 * Two functions of each task of the circle that the named task is in or waits behind; or the
 * stack of the sleeping task that its chain of sure owners ends at. 0: there is neither, or
 * the circle has more tasks than are told.
 */
unsigned wait_chain_frames(struct report *r, struct frame_name *names, unsigned max,
			   enum signature_stack *whose);

#endif
