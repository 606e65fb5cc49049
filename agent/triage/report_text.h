/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people: the most useful line first, at most 100 columns, ASCII. */
#ifndef TRIAGE_REPORT_TEXT_H
#define TRIAGE_REPORT_TEXT_H

#include <stddef.h>

struct proc_details;
struct report;
struct stack;

/* Ends with a NUL; its length. What does not fit in size is left out, and told. */
size_t report_text(struct report *r, char *text, size_t size);

/* In their order. */
enum report_section { SECTION_FINDING, SECTION_SYSTEM, SECTION_CRASH, SECTION_CPUS,
		      SECTION_BLOCKED, SECTION_DISKS, SECTION_MODULES, SECTION_MEMORY,
		      SECTION_TASKS, SECTION_TIMELINE, SECTION_MORE, N_SECTIONS };

/* One of them alone. */
size_t report_section_text(struct report *r, enum report_section which, char *text,
			   size_t size);

/* A stack of any task of it; what is known of a task. */
size_t report_stack_text(struct report *r, const struct stack *stack, char *text, size_t size);
size_t report_details_text(const struct proc_details *d, char *text, size_t size);

/* One line of at most 480 bytes, as key=value, for consoles and logs. No newline. */
#define REPORT_LINE 481
void report_line(struct report *r, char line[REPORT_LINE]);

#endif
