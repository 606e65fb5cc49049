/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the log tells of errors of the hardware, counted by who had them. */
#ifndef TRIAGE_HW_LOG_H
#define TRIAGE_HW_LOG_H

#include "kernel/log_line.h"

#define HW_LOG_MAX 24u
#define HW_LOG_WHO 72

struct hw_error {
	const char *kind;	/* "mce", "edac", "ghes", "aer", "page" */
	char who[HW_LOG_WHO];	/* "CPU 14 bank 7", "MC0 CE DIMM_A1", "0000:02:00.0 Fatal" */
	unsigned n;		/* errors: a line may tell of several */
	double first, last;	/* seconds since the kernel began; < 0: not known */
};

struct hw_log {
	struct hw_error list[HW_LOG_MAX];
	unsigned n;
	unsigned n_more;	/* of whom there was no room for */

	/* What the newest section of a record counted for, until its DIMM is named. */
	struct hw_section {
		unsigned at;	/* 1 + index into list; HW_LOG_MAX + 1: n_more; 0: none */
		double last;	/* as it was before */
	} section;
};

/* Counts the line, if it is of an error. */
void hw_log_add(struct hw_log *l, const struct log_line *line);

#endif
