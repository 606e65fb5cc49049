/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sleeping task's own stack, and the rings of waiters that begin on it. */
#ifndef TRIAGE_SLEEPER_H
#define TRIAGE_SLEEPER_H

#include "procs.h"
#include "unwind.h"
#include "vmcore/bounds.h"

#define SLEEPER_STACK 32768u	/* bytes of a stack that are looked at */

/* Members of task_struct and vm_struct. */
struct sleeper_facts {
	struct field stack, stack_area, area_pages;
};

extern const struct wish_set sleeper_wishes;

/* Bytes of the stack of any task. */
uint64_t sleeper_stack_len(struct space *s, const struct sleeper_facts *f,
			   unsigned page_shift, vaddr_t task);

struct sleeper {
	struct space *space;
	const struct sleeper_facts *facts;
	const struct procs *procs;
	struct symbols *symbols;
	unsigned page_shift;
	const struct bounds *bounds;
	unsigned steps_left;	/* over all rings; none once the time is over */
	unsigned n_asked;	/* how often for time */
	uint64_t *words;	/* room for SLEEPER_STACK bytes */

	/* Of the task that is looked at. */
	const struct proc *proc;
	const struct stack *stack;
	vaddr_t from;		/* where words lie: n from the innermost frame on */
	unsigned n;
};

/* Takes another task to look at. False: its stack is not to be read. */
bool sleeper_look(struct sleeper *s, const struct proc *proc, const struct stack *stack);

/* Is one of the innermost frames a function of the kernel that matches? */
bool sleeper_is_in(struct sleeper *s, const char *const *names);

/* Is there time for another look, and are there steps? It reads the clock now and then. */
bool sleeper_has_time(struct sleeper *s);

/* What hangs in a ring: a list_head, and the task that waits. */
struct ring_member {
	struct field list, task;
};

/* Does that list_head lie in a waiter, on the stack of the task that this names? */
typedef bool ring_is_member(struct sleeper *s, const struct ring_member *m, vaddr_t node);
ring_is_member ring_is_waiter;

/* The next list_head, if it points back, and there is time. */
bool ring_next(struct sleeper *s, vaddr_t node, vaddr_t *next);

/* Do all tasks sleep whose waiters are in its ring? One that was woken may not have run yet. */
bool ring_all_sleep(struct sleeper *s, const struct ring_member *m, vaddr_t node);

/* Is `wanted` in the ring of `node`? */
bool ring_has(struct sleeper *s, vaddr_t node, vaddr_t wanted);

/* The only list_head of a ring that is no waiter's; 0: there is none, or several. */
vaddr_t ring_head(struct sleeper *s, const struct ring_member *m, ring_is_member *is_member,
		  vaddr_t node);

#endif
