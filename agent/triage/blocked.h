/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that are blocked: in which stacks, for what, in which circles. */
#ifndef TRIAGE_BLOCKED_H
#define TRIAGE_BLOCKED_H

#include "report.h"
#include "vmcore/bounds.h"

struct arena;
struct triage;

/* Fills r->blocked and what belongs to it. False: e says what is missing. */
bool blocked_read(struct triage *m, struct arena *arena, const struct bounds *bounds,
		  struct err *e);

/* What is waited for, without its kind: "lab_b [lab]", "3 of /log, inode 12 of vda (ext4)". */
#define OBJECT_TEXT (PATH_TEXT + 128)
void wait_object_text(struct report *r, const struct wait *wait, char text[OBJECT_TEXT]);

/* Of a page in a file that lies on no device here: what was mounted; "" it is none. */
#define SOURCE_TEXT 96
void wait_source(struct report *r, const struct wait *wait, char source[SOURCE_TEXT]);

/* "mutex lab_b [lab], held by lab_ba (pid 802)"; "" it is not known. */
#define WAIT_TEXT (OBJECT_TEXT + 96)
void wait_text(struct report *r, const struct wait *wait, char text[WAIT_TEXT]);

/* "lab_b [lab]", or its address. */
void lock_text(struct report *r, vaddr_t lock, char text[SYMBOL_TEXT]);

/*
 * Has it waited for longer than locks are fought for all the time? False too where since when
 * is not known.
 */
#define BLOCKED_LONG_S 5.0
bool blocked_is_long(const struct report *r, const struct blocked_task *b);

/* Of that task, if it is blocked; NULL it is not. */
const struct blocked_task *blocked_by_address(const struct report *r, vaddr_t task);

/* The next in its circle. */
const struct blocked_task *blocked_owner(const struct report *r, const struct blocked_task *b);

/*
 * On a machine that lives: has it run since it was read, so that what its stack said is over?
 * Where nobody counts when tasks run that is not known, and so true.
 */
bool blocked_has_moved(struct triage *m, const struct proc *then);

#endif
