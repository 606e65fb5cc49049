/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What earlier crashes of this host have left on a target, and what follows from it. */
#ifndef TARGETS_EARLIER_CRASHES_H
#define TARGETS_EARLIER_CRASHES_H

#include <stdbool.h>
#include <stdint.h>

#include "past.h"

struct crash_loop;
struct err;
struct pace;

/*
 * Have there been so many crashes lately that the dump of this one is not wanted? e says so;
 * where there is none it says why not although it looks like one, or nothing, and with a code
 * that it could not be found out. There is no other memory of them than their folders: where
 * these cannot be listed there is no loop.
 *
 * Their names say when, as clocks were set, and a clock that starts anew at each boot makes
 * them all look close together. What no clock can say otherwise is how long the kernels were
 * up that crashed, and whether other boots came in between, which ended in good order: with
 * too much of the first, or any of these, there is no loop.
 */
bool earlier_crashes_are_loop(const struct past *past, const struct crash_loop *loop,
			      struct err *e);

/*
 * How fast the last whole dump of this host was written there and read back, by its manifest;
 * false: none of the newest crashes tells.
 */
bool earlier_crashes_pace(const struct past *past, struct pace *pace);

/* What stays of them. */
struct keeping {
	unsigned keep;		/* whole dumps of this host */
	bool spares_faults;	/* and the last whole dump of each fault */
};

/*
 * Removes what is too much: with a whole dump in id->folder the oldest ones until keep
 * are left, else only old logs.
 */
void earlier_crashes_remove(const struct past *past, const struct keeping *keeping,
			    bool is_whole);

#endif
