/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules for a kernel that had gone on after a fault: what the task that died of it had locked,
 * and what it had half changed, nobody sets right.
 */
#include "finding_rules.h"

#include <string.h>

#include "blocked.h"
#include "finding_parts.h"
#include "taint.h"
#include "triage.h"

#define TOLD_MAX 3u

#define TAINTS (TAINT_BIT(TAINT_BAD_PAGE) | TAINT_BIT(TAINT_DIE) | TAINT_BIT(TAINT_WARN))

/*
 * Its owner has ended, or is on no list any more; and what is left of it is the task of which
 * the log says that it died.
 */
static bool waits_for_dead(struct report *r, const struct blocked_task *b)
{
	const struct oops_earlier *e = &r->log.earlier;
	const struct proc *owner = procs_by_address(&r->procs, b->wait.owner);
	struct proc gone;

	if (b->wait.gone)
		owner = proc_read(&r->procs, b->wait.gone, &gone) ? &gone : NULL;
	else if (b->wait.owned != OWNER_SURE || (owner && owner->state != 'Z' &&
						 owner->state != 'X'))
		owner = NULL;
	return owner && (int)owner->pid == e->pid &&
	       !strncmp(owner->comm, e->comm, PROC_COMM - 1);
}

bool finding_dead_holder(struct report *r, struct finding *f)
{
	const struct oops_earlier *e = &r->log.earlier;
	unsigned n = 0;

	if (!finding_is_hang(r) || crash_kind_weight(e->kind) < WEIGHT_DEATH || e->pid < 0)
		return false;
	for (unsigned i = 0; i < r->n_waiters; i++)
		if (waits_for_dead(r, &r->waiters[i]) && n++ < TOLD_MAX)
			finding_because_waits(r, f, &r->waiters[i]);
	if (!n)
		return false;
	finding_says(f, "%s (pid %d) died of a fault with what %u blocked task%s for: nobody "
		     "will give it back.", e->comm, e->pid, n, n == 1 ? " waits" : "s wait");
	finding_earlier_fault(r, f);
	return true;
}

static bool is_of_time(const struct report *r)
{
	return finding_is_hang(r) || crash_kinds[r->log.death.kind].is_stall;
}

/* That a task stands still tells no cause of its own; the taint says what the log says. */
bool finding_earlier(struct report *r, struct finding *f)
{
	const struct oops_earlier *e = &r->log.earlier;

	if (!is_of_time(r) || crash_kind_weight(e->kind) < WEIGHT_DAMAGE ||
	    (r->system.has_taint && !(r->system.taint & TAINTS)))
		return false;
	finding_says(f, "The kernel had gone on after a fault, which may be the cause: %.200s.",
		     e->line);
	finding_earlier_fault(r, f);
	return true;
}
