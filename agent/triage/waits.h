/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a sleeping task waits for: which lock, and who has it; which page, which event. */
#ifndef TRIAGE_WAITS_H
#define TRIAGE_WAITS_H

#include "wait_locks.h"
#include "wait_queues.h"

/*
 * Only if what is waited for and the waiter name each other, and the owner is a task; else
 * kind is WAIT_UNKNOWN, or owned OWNER_UNKNOWN.
 */
void wait_find(struct sleeper *s, const struct lock_facts *locks,
	       const struct queue_facts *queues, struct wait *wait);

#endif
