/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a dump gets, step by step. What is doubtful is kept, and the operator told.
 */
#include "choose_pages.h"

#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "crash.h"
#include "dump/kdumpfile.h"
#include "find_inputs.h"
#include "job.h"
#include "kernel/pfnset.h"
#include "pages/filter_control.h"
#include "pages/text_pages.h"
#include "scan.h"

/* Does it take the kernel's own log, stacks, page tables and memory map for nobody's? */
static void try_filter(struct choice *c)
{
	struct kernel *kn = &c->capture->crash->kernel;
	char doubt[sizeof(kn->doubt)];
	struct filter_control control;

	filter_control_ask(&control, &c->filter, &c->worth, &c->capture->progress->alive);
	if (!filter_control_refutes(&control))
		return;
	snprintf(doubt, sizeof(doubt), "by their struct pages %llu of %llu pages that "
		 "are the kernel's own (its log, page tables, memory map) would be left out",
		 (unsigned long long)control.n_wrong, (unsigned long long)control.n_asked);
	kernel_distrust(kn, doubt);
}

static uint64_t core_pfns(const struct choice *c)
{
	const struct crash *crash = c->capture->crash;

	return elfcore_end(&crash->core) >> crash->kernel.page_shift;
}

bool choose_begin(struct choice *c, struct err *e)
{
	struct crash *crash = c->capture->crash;
	struct kernel *kn = &crash->kernel;
	unsigned level = c->capture->job->level;

	if (!priority_init(&c->worth, &crash->arena, e))
		return false;
	priority_find(&c->worth, &crash->core, kn, &c->capture->progress->alive);
	if (kn->trusted) {
		text_pages_filter(&c->filter, kn, level);
		try_filter(c);
	}
	c->is_filtered = kn->trusted;
	if (!kn->trusted) {
		c->capture->t->level_used = level & LEVEL_ZERO;
		log_warn("pages cannot be filtered, all but zero pages are kept: %s",
			 kn->doubt);
		return true;
	}
	c->capture->t->level_used = c->filter.level;
	if (c->filter.lowered_why[0])
		log_warn("dump level %u in place of %u: %s", c->filter.level, level,
			 c->filter.lowered_why);
	inputs_find(&c->known, c->capture, &c->filter, &c->worth);
	/* In windows it is found anew at each turn back, as far as time goes: not the same. */
	if (c->judged && c->filter.percpu && c->filter.percpu->n_window < core_pfns(c))
		c->filter.percpu = NULL;
	return true;
}

static void tell(const struct choice *c)
{
	const uint64_t *n = c->capture->t->n_verdict;

	inputs_tell(&c->known, &c->filter);
	if (n[KEEP_UNKNOWN])
		log_warn("%llu pages are kept unjudged, their struct pages cannot be read",
			 (unsigned long long)n[KEEP_UNKNOWN]);
	if (n[KEEP_ODD])
		log_warn("%llu free blocks have an order that cannot be, and are kept: the "
			 "kernel's free lists were damaged", (unsigned long long)n[KEEP_ODD]);
	if (n[KEEP_KNOWN])
		log_warn("%llu pages are kept against what their struct pages say, for they "
			 "are the kernel's own: its memory map was damaged",
			 (unsigned long long)n[KEEP_KNOWN]);
}

bool choose_pages(struct choice *c, struct kdump_writer *w, struct err *e)
{
	struct totals *t = c->capture->t;

	const struct scan_use use = { c->is_filtered ? &c->filter : NULL, &c->worth, w,
				      c->judged };

	if (!scan(c->capture, &use, e))
		return false;
	t->n_kept = w->index.n_pages;
	if (c->is_filtered)
		tell(c);
	log_info("%llu of %llu pages are kept at level %u",
		 (unsigned long long)t->n_kept, (unsigned long long)t->n_present,
		 t->level_used);
	return true;
}
