/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tasks wait for in the journal of a file system, jbd2's: ext4 has one, and ocfs2. */
#ifndef TRIAGE_JOURNAL_H
#define TRIAGE_JOURNAL_H

#include "kthread.h"
#include "wait.h"

struct journal_facts {
	/* struct journal_s: three queues, its thread, its transactions */
	struct field done, locked, updates, task, barriers, running, committing, device;
	struct field journal;		/* struct transaction_s: its journal */
	struct field transaction;	/* struct jbd2_journal_handle */
};

extern const struct wish_set journal_wishes;

/* Of a kernel thread: what it was started with; of a task: the change that it is in. */
struct journal_task_facts {
	struct kthread_facts kthread;
	struct field change;
};

extern const struct wish_set journal_task_wishes;

struct journals {
	struct space *space;
	const struct procs *procs;
	const struct journal_facts *facts;
	const struct journal_task_facts *of_tasks;
};

/*
 * A wait in a queue that is a journal's becomes one for its thread's commit, or of the thread
 * for a task that has begun a change and not ended it. It is left as it is unless the journal
 * and its thread name each other, and the change is of a transaction that the journal has.
 */
void journal_wait_find(const struct journals *j, const struct proc *waiter, struct wait *wait);

/* "sda-8"; "" it is not to be had. */
void journal_name(const struct journals *j, const struct wait *wait, char *name, size_t size);

#endif
