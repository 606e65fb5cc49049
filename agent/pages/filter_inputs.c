/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for no more than the dump level and the choices need. */
#include "filter_inputs.h"

#include <stdio.h>

#include "base/err.h"
#include "filter.h"
#include "kernel/kernel.h"

static void note(char why[200], const struct err *e)
{
	snprintf(why, 200, "%.199s", e->text);
}

void filter_inputs_find(struct filter_inputs *known, struct kernel *kn, struct filter *filter,
			const struct task_choice *choices, unsigned n_choices,
			const struct bounds *bounds, struct arena *arena)
{
	const struct wish_list lists[] = {
		{ &cpu_wishes, &known->cpu_facts },
		{ &pcp_wishes, &known->pcp_facts },
		{ &task_wishes, &known->task_facts },
		{ NULL, NULL },
	};
	bool want_percpu = filter->level & LEVEL_FREE;
	struct err e;

	known->bounds = *bounds;
	known->no_percpu_why[0] = known->no_chosen_why[0] = '\0';
	if (!want_percpu && !n_choices)
		return;
	if (!wishes_fill(&kn->tables, lists, &e)) {
		if (want_percpu)
			note(known->no_percpu_why, &e);
		if (n_choices)
			note(known->no_chosen_why, &e);
		return;
	}
	if (want_percpu) {
		const struct pcp_want want = {
			.map = &kn->map,
			.facts = &known->pcp_facts,
			.cpus = &known->cpu_facts,
			.layout = &filter->layout,
			.text_pfn = memmap_pfn(&kn->map, kn->space.arch->image(&kn->k,
									      kn->k.stext)),
			.bounds = &known->bounds,
		};

		if (pcp_init(&known->pcp, &want, arena, &e))
			filter->percpu = &known->pcp.set;
		else
			note(known->no_percpu_why, &e);
	}
	if (n_choices) {
		const struct chosen_want want = {
			.space = &kn->space,
			.tasks = &known->task_facts,
			.cpus = &known->cpu_facts,
			.page_shift = kn->page_shift,
			.choices = choices,
			.n = n_choices,
			.bounds = &known->bounds,
		};

		if (!chosen_init(&known->chosen, &want, arena, &e))
			note(known->no_chosen_why, &e);
		if (known->chosen.n)
			filter->chosen = &known->chosen.set;
	}
}
