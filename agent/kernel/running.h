/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in memory the tasks lie that the CPUs were running, and what is asked of them first. */
#ifndef KERNEL_RUNNING_H
#define KERNEL_RUNNING_H

#include "vmcore/bounds.h"
#include "wishes.h"

struct cpus;

/* What must be known of task_struct and what it leads to. */
struct running_facts {
	int64_t stack, signal, mm, thread_pid;	/* pointers in it */
	int64_t size_task, size_signal, size_mm;
};

extern const struct wish_set running_wishes;

struct running {
	const struct cpus *cpus;
	const struct running_facts *facts;
	const struct bounds *bounds;
};

/*
 * Calls fn for each stretch of kernel addresses: of each CPU's task the task_struct, its
 * stack, and what its process shares. Addresses are the crashed kernel's word: there may be
 * nothing there. The clock may end it.
 */
void running_each_area(const struct running *r,
		       void (*fn)(void *ctx, vaddr_t vaddr, uint64_t len), void *ctx);

#endif
