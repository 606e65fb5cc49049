/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose stack tells what happened, and from which frame on. */
#ifndef TRIAGE_SUBJECT_H
#define TRIAGE_SUBJECT_H

#include "report.h"

struct unwinder;

/* Fills subject*, by the kind that the log tells and the CPUs and tasks that are there. */
void subject_find(struct report *r, struct unwinder *u);

/* Frame of a CPU's stack that an interrupt broke into: what it was at; 0: none did. */
unsigned cpu_broken_into(struct report *r, const struct stack *stack);

/* Names of its stack's frames from subject_first on, or of the log's; how many. */
unsigned subject_frames(struct report *r, struct frame_name *names, unsigned max,
			enum signature_confidence *confidence);

/*
 * Where the subject's code ran, by its stack: "process", "kernel thread", "interrupt",
 * "softirq", "nmi"; "" not known.
 */
const char *subject_context(struct report *r);

/* Frame i as the kernel prints it. */
void frame_text(struct symbols *s, const struct frame *f, char text[SYMBOL_TEXT]);
bool frame_symbol(struct symbols *s, const struct frame *f, struct symbol *sym);

/*
 * Does a function of that stack match one of the names? One of that module, "" is the kernel
 * itself; NULL: whosever.
 */
bool stack_is_in(struct report *r, const struct stack *stack, const char *const *names,
		 const char *module);

#endif
