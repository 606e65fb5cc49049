/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Free pages of CPUs and pages of chosen tasks, within bounds. To prove a page free costs
 * a tenth of saving it, so following lists pays as long as it goes on. But it is not
 * worth the dump: of a short time it takes a twentieth, and at the most 20 s, which do
 * for what a busy machine of 1 TiB has. Memory is a quarter each of what there is for the
 * two sets of pages and for windows.
 */
#include "find_inputs.h"

#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "config/config.h"
#include "crash.h"
#include "job.h"
#include "pages/filter_inputs.h"
#include "pages/priority.h"
#include "manifest.h"

#define MAX_S 20.0
#define SHARE_OF_TIME 0.05
#define SHARE_OF_MEMORY 4

_Static_assert(KEEP_COMM_LEN == COMM_LEN, "a name of a task");

struct bounds inputs_bounds(const struct job *job, uint64_t mem_len, double now)
{
	double spend = (job->give_up - now) * SHARE_OF_TIME;

	if (!job->give_up || spend > MAX_S)
		spend = MAX_S;
	return (struct bounds){ .until = now + spend, .mem_len = mem_len / SHARE_OF_MEMORY };
}

static unsigned choices_of(const struct job *job, struct task_choice choices[MAX_KEEP_USER])
{
	unsigned n = min_u64(job->n_keep_user, MAX_KEEP_USER);

	for (unsigned i = 0; i < n; i++) {
		const struct keep_user *k = &job->keep_user[i];

		choices[i] = (struct task_choice){ .pid = k->pid, .panic = k->panic };
		memcpy(choices[i].comm, k->comm, sizeof(choices[i].comm));
	}
	return n;
}

static void find_running(const struct filter_inputs *known, struct crash *crash,
			 struct priority *worth)
{
	struct running r = { .facts = &known->running_facts, .bounds = &known->bounds };
	struct err ignored;
	struct cpus cpus;

	r.cpus = &cpus;
	if (known->has_facts &&
	    cpus_open(&cpus, &crash->kernel.space, &known->cpu_facts, &ignored))
		priority_find_running(worth, &r, crash->kernel.page_shift);
}

void inputs_find(struct filter_inputs *known, struct capture *c, struct filter *filter,
		 struct priority *worth)
{
	struct crash *crash = c->crash;
	const struct job *job = c->job;
	struct task_choice choices[MAX_KEEP_USER];
	struct filter_inputs_want want = {
		.kernel = &crash->kernel, .choices = choices,
		.n_choices = choices_of(job, choices), .arena = &crash->arena,
		.bounds = inputs_bounds(job, system_memory_available(), monotonic_seconds()),
	};
	struct err ignored;

	want.bounds.alive = &c->progress->alive;
	if (job->without_lists) {
		if (filter->level & LEVEL_FREE || want.n_choices)
			log_warn("free pages on the lists of CPUs are kept%s: an earlier "
				 "attempt ended where lists are followed",
				 want.n_choices ? ", keep_user is left out" : "");
		return;
	}
	/* Without them it goes on, only slower. */
	corereader_stay(&crash->reader, want.bounds.mem_len, &crash->arena, &ignored);
	filter_inputs_find(known, &want, filter);
	if (known->no_percpu_why[0])
		log_warn("free pages on the lists of CPUs are kept: %s",
			 known->no_percpu_why);
	if (known->no_chosen_why[0])
		log_warn("keep_user: %s", known->no_chosen_why);
	find_running(known, crash, worth);
	/* Only what the operator asked for is worth a word when all is well. */
	if (filter->chosen)
		log_info("keep_user: %llu tasks in %u address spaces",
			 (unsigned long long)known->chosen.n_tasks, known->chosen.n);
}

void inputs_tell(const struct filter_inputs *known, const struct filter *filter)
{
	if (filter->percpu && known->pcp.n_doubted)
		log_warn("%llu CPUs' lists of free pages contradict themselves and are kept",
			 (unsigned long long)known->pcp.n_doubted);
	if (filter->percpu && known->pcp.over)
		log_warn("there was no time for all lists of CPUs' free pages, up to %llu "
			 "pages on them are kept", (unsigned long long)known->pcp.n_unproven);
	if (filter->chosen && known->chosen.gave_up)
		log_warn("keep_user: there are more page tables than there is time for, part "
			 "of the memory is left out");
}
