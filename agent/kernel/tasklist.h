/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All tasks of the crashed kernel, processes and their threads, as it links them. The list
 * is believed as far as it makes sense; what is behind a break is come to from its other
 * end.
 */
#ifndef KERNEL_TASKLIST_H
#define KERNEL_TASKLIST_H

#include "vmcore/bounds.h"
#include "wishes.h"

struct space;

/* What must be known of tasks and their links. */
struct tasklist_facts {
	int64_t init_task;
	int64_t tasks, signal, thread_node;	/* in task_struct */
	int64_t thread_head;	/* in signal_struct */
};

extern const struct wish_set tasklist_wishes;

struct tasklist {
	struct space *space;
	const struct tasklist_facts *facts;
	const struct bounds *bounds;
};

/*
 * task is where a struct task_struct should be: nothing in it was looked at but its links.
 * The leader of a process comes before its other threads. False ends the walk.
 */
typedef bool task_fn(void *ctx, vaddr_t task, bool is_leader);

/*
 * Calls fn for each. The idle tasks of CPUs are in no list. False: this kernel does not tell
 * where its tasks are (ENOENT), or the list is broken or endless, or the time is over, so
 * that tasks may be missing (EFAULT).
 */
bool tasklist_each(const struct tasklist *l, task_fn *fn, void *ctx, struct err *e);

#endif
