/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page_counter has what is used and what may be (Linux mm/page_counter.c), in pages. */
#include "memgroups.h"

#include "base/err.h"

#define DEPTH_MAX 32u
#define STATES_MAX 64
#define FULL(max) ((max) - (max) / 32)	/* CPUs keep some pages for the next charge */

#define AT(member) offsetof(struct memgroup_facts, member)

static const struct wish wishes[] = {
	{ WISH_VALUE, "cgroup_subsys_id.memory_cgrp_id", AT(which) },
	WISH_FIELD("css_set.subsys", AT(states)),
	WISH_FIELD("task_struct.cgroups", AT(task_set)),
	WISH_FIELD("cgroup.kn", AT(node)),
	WISH_FIELD("cgroup_subsys_state.cgroup", AT(cgroup)),
	WISH_FIELD("cgroup_subsys_state.parent", AT(parent)),
	WISH_FIELD("mem_cgroup.css", AT(css)),
	WISH_FIELD("mem_cgroup.memory.usage", AT(usage)),
	WISH_FIELD("mem_cgroup.memory.max", AT(max)),
};

const struct wish_set memgroup_wishes = WISH_SET(wishes, struct memgroup_facts);

static bool is_known(const struct memgroups *g, vaddr_t at)
{
	for (unsigned i = 0; i < g->n; i++)
		if (g->list[i].at == at)
			return true;
	return false;
}

/*
 * One without a limit has the largest number that fits, which is more than there can be. So
 * twice a limit is less than all that fits, in bytes too.
 */
static void add_full(struct memgroups *g, vaddr_t at)
{
	const struct memgroup_facts *f = g->facts;
	const struct paths paths = { g->space, g->paths };
	struct memgroup *group = &g->list[g->n];
	vaddr_t owner = at - f->css.off;
	uint64_t usage, max;

	if (!field_read(g->space, owner, f->usage, &usage) ||
	    !field_read(g->space, owner, f->max, &max) || !max ||
	    max >= (uint64_t)INT64_MAX >> g->page_shift || usage < FULL(max) || usage > 2 * max)
		return;
	*group = (struct memgroup){ .at = at, .usage = usage << g->page_shift,
				    .max = max << g->page_shift };
	g->n += path_of_node(&paths, field_value(g->space, field_value(g->space, at, f->cgroup),
						 f->node), group->path);
}

void memgroups_add(struct memgroups *g, vaddr_t task)
{
	const struct memgroup_facts *f = g->facts;
	vaddr_t set = field_value(g->space, task, f->task_set), at;
	struct err ignored;

	if (!set || !has(f->which) || f->which < 0 || f->which >= STATES_MAX ||
	    !has(f->states.off) || !has(f->css.off) ||
	    !space_read_u64(g->space, set + f->states.off + 8 * f->which, &at, &ignored))
		return;
	for (unsigned i = 0; at && i < DEPTH_MAX && g->n < MEMGROUPS_MAX; i++) {
		if (!is_known(g, at))
			add_full(g, at);
		at = field_value(g->space, at, f->parent);
	}
}
