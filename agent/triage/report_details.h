/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of one task: its files, folders, groups and system call. */
#ifndef TRIAGE_REPORT_DETAILS_H
#define TRIAGE_REPORT_DETAILS_H

#include "base/jsonwrite.h"
#include "report.h"
#include "text_page.h"

/* Of any task; those of the subject are in r. */
void report_details_of(struct report *r, const struct proc *proc, const struct stack *stack,
		       struct proc_details *out);

/* "do_free_init", "f [mod]": what a kernel worker is at; "" it is none, or at nothing. */
void report_work(struct report *r, const struct proc *p, char text[SYMBOL_TEXT]);

/* The same as a key "work", null for "". */
void json_work(struct json *j, struct report *r, const struct proc *p);

/* A row for each of them, and the same as keys of an object that is open. */
void details_rows(const struct proc_details *d, struct text_page *p);
void json_details(struct json *j, const struct proc_details *d);

/* The rows alone; their length. */
size_t report_details_text(const struct proc_details *d, char *text, size_t size);

#endif
