/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer that waits until the readers of a percpu_rwsem leave it, and keeps others out. */
#ifndef TRIAGE_PENDING_WRITER_H
#define TRIAGE_PENDING_WRITER_H

#include "wait.h"

struct triage;
struct stack;

/*
 * A wait in a queue that is such a lock's becomes one for that writer. It is left as it is
 * unless the lock names a task, and that sleeps in the function that waits for readers; who
 * has the lock no memory tells.
 */
void pending_writer_find(struct triage *m, const struct stack *stack, struct wait *wait);

#endif
