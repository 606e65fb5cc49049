/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of chosen tasks: page frames that their page tables map.
 */
#ifndef KERNEL_TASKS_H
#define KERNEL_TASKS_H

#include "cpus.h"
#include "pfnset.h"
#include "tasklist.h"
#include "vmcore/bounds.h"

struct arena;
struct space;

#define COMM_LEN 16		/* TASK_COMM_LEN, with its NUL */
#define MAX_CHOICES 64u
#define MAX_CHOSEN 1024u	/* address spaces */

/* Of the three exactly one is set. */
struct task_choice {
	char comm[COMM_LEN];
	unsigned pid;		/* of a process or of a thread in it */
	bool panic;		/* the task on the CPU that called for the crash kernel */
};

/* What must be known of a task. */
struct task_facts {
	int64_t comm, n_comm, pid, tgid, mm;	/* in task_struct */
	int64_t pgd;		/* in mm_struct */
};

extern const struct wish_set task_wishes;

struct chosen {
	struct space *space;
	const struct task_facts *tasks;
	unsigned page_shift;
	paddr_t pgd[MAX_CHOSEN];
	unsigned n;		/* address spaces found */
	uint64_t n_tasks;	/* that matched, with threads; some may have no memory */
	uint64_t tables_left;	/* of all their page tables, that we will still read */
	bool gave_up;		/* there were more: what else they map is not in the set */
	uint64_t n_leaves;
	const struct bounds *bounds;
	struct pfnset set;	/* the frames that are mapped */
};

/* What is chosen, of which kernel. */
struct chosen_want {
	struct space *space;
	const struct tasklist_facts *list;
	const struct task_facts *tasks;
	const struct cpu_facts *cpus;
	unsigned page_shift;
	const struct task_choice *choices;
	unsigned n;
	const struct bounds *bounds;
};

/*
 * Finds the tasks. False when this kernel does not tell enough, or when not all that was
 * chosen is found: e names the first; those that were found are in the set all the same.
 * want->bounds hold for all walks, and must outlive the set, as must space and facts.
 */
bool chosen_init(struct chosen *c, const struct chosen_want *want, struct arena *arena,
		 struct err *e);

#endif
