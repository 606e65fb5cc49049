/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups that have all the memory they may have. */
#ifndef TRIAGE_MEMGROUPS_H
#define TRIAGE_MEMGROUPS_H

#include "paths.h"

#define MEMGROUPS_MAX 4u

struct memgroup {
	vaddr_t at;		/* struct cgroup_subsys_state */
	char path[PATH_TEXT];
	uint64_t usage, max;	/* bytes */
};

struct memgroup_facts {
	int64_t which;		/* enumerator memory_cgrp_id: memory's place among the states */
	struct field states;	/* css_set.subsys */
	struct field task_set, node;	/* task_struct.cgroups, cgroup.kn */
	struct field cgroup, parent;	/* struct cgroup_subsys_state */
	struct field css, usage, max;	/* struct mem_cgroup */
};

extern const struct wish_set memgroup_wishes;

struct memgroups {
	struct space *space;
	const struct memgroup_facts *facts;
	const struct path_facts *paths;
	unsigned page_shift;
	struct memgroup list[MEMGROUPS_MAX];
	unsigned n;
	unsigned n_own;		/* of them, the first: those that the subject is in */
};

/* Adds those that the task is in, from its own to the root, if they are full. */
void memgroups_add(struct memgroups *g, vaddr_t task);

#endif
