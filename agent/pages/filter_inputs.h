/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the filter cannot see on a struct page: frames that are free on a CPU's own list,
 * and frames of tasks that are to be kept. Found before the filter runs, and only where
 * the kernel's own symbols and types lead to them.
 */
#ifndef PAGES_FILTER_INPUTS_H
#define PAGES_FILTER_INPUTS_H

#include "kernel/running.h"
#include "kernel/tasks.h"
#include "pcp.h"

struct filter;
struct kernel;

struct filter_inputs {
	struct cpu_facts cpu_facts;
	struct pcp_facts pcp_facts;
	struct tasklist_facts tasklist_facts;
	struct task_facts task_facts;
	struct running_facts running_facts;
	bool has_facts;
	struct bounds bounds;		/* of all that is found, together */
	struct pcp pcp;
	struct chosen chosen;
	char no_percpu_why[200];	/* "" when free pages of CPUs are recognised */
	char no_chosen_why[200];	/* "" when each choice was found */
};

/* Of which kernel, which tasks, and what it may cost. */
struct filter_inputs_want {
	struct kernel *kernel;		/* must outlive the filter */
	const struct task_choice *choices;
	unsigned n_choices;
	struct bounds bounds;
	struct arena *arena;
};

/* Sets filter->percpu and filter->chosen as far as it can. */
void filter_inputs_find(struct filter_inputs *known, const struct filter_inputs_want *want,
			struct filter *filter);

#endif
