/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people: the most useful line first, at most 100 columns, ASCII. */
#ifndef TRIAGE_REPORT_TEXT_H
#define TRIAGE_REPORT_TEXT_H

#include <stddef.h>

struct report;
struct report_part;

/* Ends with a NUL; its length. What does not fit in size is left out, and told. */
size_t report_text(struct report *r, char *text, size_t size);

/* One section alone. */
size_t report_part_text(struct report *r, const struct report_part *part, char *text,
			size_t size);

#endif
