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
 * What the log tells; a report as it stands. ENOMEM is the only error. r is good as long as
 * want and its arena are, which need not be empty. The kernel's memory is read through a
 * cache from now on.
 */
bool report_begin(struct report *r, const struct report_want *want, struct err *e);

/* And what memory tells. What could not be had is in r->missing, with the reason. */
void report_read_memory(struct report *r);

/* Files, folders, groups and system call of any task; those of the subject are in r. */
void report_details_of(struct report *r, const struct proc *proc, const struct stack *stack,
		       struct proc_details *out);

#endif
