/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel threads, and what each was started with: a worker, a journal. */
#ifndef TRIAGE_KTHREAD_H
#define TRIAGE_KTHREAD_H

#include "field.h"
#include "procs.h"

struct kthread_facts {
	struct field of_task;	/* struct task_struct: its struct kthread */
	struct field data;	/* struct kthread: what it was started with */
};

/* Wishes for these at that place of a struct of facts; the first has had two places. */
#define KTHREAD_WISHES(at)							\
	WISH_FIELD("task_struct.worker_private",				\
		   (at) + offsetof(struct kthread_facts, of_task)),		\
	WISH_FIELD("task_struct.set_child_tid",				\
		   (at) + offsetof(struct kthread_facts, of_task)),		\
	WISH_FIELD("kthread.data", (at) + offsetof(struct kthread_facts, data))

/* What a task was started with; 0: it is no kernel thread, or that is not to be had. */
vaddr_t kthread_data(struct space *s, const struct kthread_facts *f, vaddr_t task);

/* The task that a structure names by a member, if they name each other; 0: they do not. */
vaddr_t kthread_named(struct space *s, const struct procs *procs, const struct kthread_facts *f,
		      vaddr_t by, struct field member);

#endif
