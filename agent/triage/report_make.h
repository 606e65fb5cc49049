/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a report out of a crashed kernel's memory. */
#ifndef TRIAGE_REPORT_MAKE_H
#define TRIAGE_REPORT_MAKE_H

#include "triage.h"

struct report_part;

/*
 * What the log tells; a report as it stands. ENOMEM is the only error. r is good as long as
 * want and its arena are, which need not be empty. The kernel's memory is read through a
 * cache from now on.
 */
bool report_begin(struct report *r, const struct report_want *want, struct err *e);

/* And what memory tells. What could not be had is in r->missing, with the reason. */
void report_read_memory(struct report *r);

/*
 * The same by steps, for those who want what is there after each: what gives names to
 * addresses, false if there is nothing but the log; each of parts_by_worth; what follows.
 */
bool report_open_memory(struct report *r);
void report_read_part(struct report *r, const struct report_part *part);
void report_settle(struct report *r);

#endif
