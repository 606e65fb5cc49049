/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lock a sleeping task waits for, and who has it. */
#ifndef TRIAGE_WAITS_H
#define TRIAGE_WAITS_H

#include "procs.h"
#include "unwind.h"

enum wait_kind {
	WAIT_UNKNOWN,
	WAIT_MUTEX,
	WAIT_SEMAPHORE,
	WAIT_RWSEM_READ,
	WAIT_RWSEM_WRITE,
};

enum wait_owner {
	OWNER_UNKNOWN,
	OWNER_NONE,		/* the lock says that nobody has it */
	OWNER_MAYBE,		/* one of its readers, or who took it last: it may be another */
	OWNER_SURE,
};

struct wait {
	enum wait_kind kind;
	vaddr_t lock;
	enum wait_owner owned;
	vaddr_t owner;		/* struct task_struct, of MAYBE and SURE */
};

/* Of one kind of lock and those that wait for it. */
struct lock_facts {
	struct field owner, wait_list, first_waiter;	/* the list is one or the other */
	struct field waiter_list, waiter_task;
};

struct wait_facts {
	struct lock_facts mutex, rwsem, semaphore;
	struct field blocker, blocked_on, start_time;	/* of task_struct */
	struct field stack, stack_area, area_pages;
};

extern const struct wish_set wait_wishes;

#define WAIT_STACK 32768u	/* bytes of a stack that are looked at */

struct waits {
	struct space *space;
	const struct wait_facts *facts;
	const struct procs *procs;
	struct symbols *symbols;
	unsigned page_shift;
	uint64_t *words;	/* room for WAIT_STACK bytes */
	unsigned steps_left;	/* over all lists of waiters */
};

/*
 * Only if lock and waiter name each other, and the owner is a task; else kind is WAIT_UNKNOWN,
 * or owned OWNER_UNKNOWN.
 */
void wait_find(struct waits *w, const struct proc *proc, const struct stack *stack,
	       struct wait *wait);

/* "mutex", "rwsem (write)" */
const char *wait_kind_name(enum wait_kind kind);

#endif
