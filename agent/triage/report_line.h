/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report in one line of key=value (logfmt), for consoles, logs and who counts crashes. */
#ifndef TRIAGE_REPORT_LINE_H
#define TRIAGE_REPORT_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct report;

#define REPORT_LINE 481		/* with its NUL */
#define REPORT_WIRE 375		/* the same where a log server's words stand in front */

/*
 * Printable ASCII, no newline, at most size - 1 bytes: what does not fit is left out as a
 * whole, the least worthy first. With is_bare nothing that may be personal is in it: no
 * names of programs and control groups, and none of the panic's own words.
 */
void report_line(const struct report *r, bool is_bare, char *line, size_t size);

#endif
