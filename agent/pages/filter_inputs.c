/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the filter cannot see on a struct page. Follows no more lists than the dump level
 * and the choices need.
 */
#include "filter_inputs.h"

#include <stdio.h>

#include "base/err.h"
#include "filter.h"
#include "kernel/kernel.h"

static void note(char why[200], const struct err *e)
{
	snprintf(why, 200, "%.199s", e->text);
}

static void find_percpu(struct filter_inputs *known, const struct filter_inputs_want *want,
			struct filter *filter)
{
	struct kernel *kn = want->kernel;
	const struct pcp_want pcp = {
		.map = &kn->map,
		.facts = &known->pcp_facts,
		.cpus = &known->cpu_facts,
		.layout = &filter->layout,
		.text_pfn = memmap_pfn(&kn->map, kn->space.arch->image(&kn->k, kn->k.stext)),
		.bounds = &known->bounds,
	};
	struct err e;

	if (pcp_init(&known->pcp, &pcp, want->arena, &e))
		filter->percpu = &known->pcp.set;
	else
		note(known->no_percpu_why, &e);
}

static void find_chosen(struct filter_inputs *known, const struct filter_inputs_want *want,
			struct filter *filter)
{
	const struct chosen_want chosen = {
		.space = &want->kernel->space,
		.list = &known->tasklist_facts,
		.tasks = &known->task_facts,
		.cpus = &known->cpu_facts,
		.page_shift = want->kernel->page_shift,
		.choices = want->choices,
		.n = want->n_choices,
		.bounds = &known->bounds,
	};
	struct err e;

	if (!chosen_init(&known->chosen, &chosen, want->arena, &e))
		note(known->no_chosen_why, &e);
	if (known->chosen.n)
		filter->chosen = &known->chosen.set;
}

void filter_inputs_find(struct filter_inputs *known, const struct filter_inputs_want *want,
			struct filter *filter)
{
	const struct wish_list lists[] = {
		{ &cpu_wishes, &known->cpu_facts },
		{ &pcp_wishes, &known->pcp_facts },
		{ &tasklist_wishes, &known->tasklist_facts },
		{ &task_wishes, &known->task_facts },
		{ &running_wishes, &known->running_facts },
		{ NULL, NULL },
	};
	bool want_percpu = filter->level & LEVEL_FREE;
	struct err e;

	known->bounds = want->bounds;
	known->no_percpu_why[0] = known->no_chosen_why[0] = '\0';
	known->has_facts = wishes_fill(&want->kernel->tables, lists, &e);
	if (!known->has_facts) {
		if (want_percpu)
			note(known->no_percpu_why, &e);
		if (want->n_choices)
			note(known->no_chosen_why, &e);
		return;
	}
	if (want_percpu)
		find_percpu(known, want, filter);
	if (want->n_choices)
		find_chosen(known, want, filter);
}
