/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a report out of a crashed kernel's memory. */
#ifndef TRIAGE_REPORT_MAKE_H
#define TRIAGE_REPORT_MAKE_H

#include "report.h"
#include "vmcore/bounds.h"

struct report_want {
	struct kernel *kernel;
	struct arena *arena;		/* for its lists; all of it is given back with them */
	const struct bounds *bounds;	/* it ends by then, with what it has */
};

/*
 * Never fails: what could not be had is in r->missing, with the reason. r is good as long as
 * the arena is, which need not be empty.
 */
void report_make(struct report *r, const struct report_want *want);

#endif
