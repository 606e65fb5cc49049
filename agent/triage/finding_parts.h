/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of finding.c say and ask alike. */
#ifndef TRIAGE_FINDING_PARTS_H
#define TRIAGE_FINDING_PARTS_H

#include "report.h"

void finding_says(struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Another piece of evidence; those that do not fit are left out. */
void finding_because(struct finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Evidence: the lines of the log that tell more of a death of its kind. */
void finding_by_log(struct report *r, struct finding *f);

/* Evidence: the newest lines of the log about what stood still. */
void finding_stalls_before(struct report *r, struct finding *f);

/* Evidence: the newest about devices and file systems that failed. */
void finding_trouble_before(struct report *r, struct finding *f);

/* The words of the panic, without the mark at their end. */
#define FINDING_PANIC LOG_MESSAGE_MAX
void finding_panic(const struct report *r, char text[FINDING_PANIC]);

/* Did the machine stand, so that who waits for whom is the question? By what the log says. */
bool finding_is_hang(const struct report *r);

/* The first function of the subject's stack that is no helper of everybody; "" none. */
void finding_where(struct report *r, char where[SYMBOL_TEXT]);

/* The instruction that it was at, 0 not known. */
vaddr_t finding_ip(struct report *r);

/*
 * How far below NULL the pointer was that was used, 1 to 4095; 0: it was not, or the registers
 * do not tell. And that, where it can be nothing but an error number; 0: it can.
 */
int finding_below_null(struct report *r);
int finding_errno(struct report *r);

/* Evidence: the register that the instruction counted from; which one holds that. */
void finding_operand(struct report *r, struct finding *f);
void finding_register_with(struct report *r, struct finding *f, uint64_t value);

/* Evidence: what that task waits for. */
void finding_because_waits(struct report *r, struct finding *f, const struct blocked_task *b);

/* The device whose answer it waits for: of a page's file system, of a buffer; 0: none. */
vaddr_t finding_device_of(const struct report *r, const struct wait *wait);

/* The module whose code it happened in; NULL: the kernel's own, or not known. */
const struct module *finding_module_of(struct report *r);

/* Evidence: the module where it happened; what was before. */
void finding_module(struct report *r, struct finding *f);
void finding_history(struct report *r, struct finding *f);

/* Evidence: the worst that was survived before, and whose fault it was. */
void finding_earlier_fault(struct report *r, struct finding *f);

void finding_repeats(struct report *r, struct finding *f);
void finding_memory(struct report *r, struct finding *f);

#endif
