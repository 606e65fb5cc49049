/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One struct rq a CPU (Linux kernel/sched/sched.h), in its own data. */
#include "runqueue.h"

#include "base/err.h"

#define RUNNABLE_MAX (1u << 22)	/* there are no more pids */

#define AT(member) offsetof(struct runqueue_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("rq.nr_running", AT(nr_running)),
	WISH_FIELD("rq.clock", AT(clock)),
	{ WISH_SYMBOL, "hrtimer_bases", AT(hrtimer_bases) },
	WISH_FIELD("hrtimer_cpu_base.expires_next", AT(timer_expires)),
	{ WISH_BIT, "hrtimer_cpu_base.hres_active", AT(timer_fine_bit) },
	{ WISH_SYMBOL, "tick_next_period", AT(tick_next_period) },
	WISH_FIELD("task_struct.policy", AT(policy)),
	WISH_FIELD("task_struct.sched_info.last_queued", AT(last_queued)),
};

const struct wish_set runqueue_wishes = WISH_SET(wishes, struct runqueue_facts);

/* When it is to be interrupted next. Where timers are coarse an old time stays there. */
static uint64_t next_timer(const struct cpus *cpus, const struct runqueue_facts *f,
			   unsigned cpu)
{
	struct err ignored;
	uint8_t byte;
	vaddr_t at;

	if (!has(f->hrtimer_bases) || !has(f->timer_fine_bit) || f->timer_fine_bit < 0 ||
	    !cpus_vaddr(cpus, cpu, (vaddr_t)f->hrtimer_bases, &at, &ignored) ||
	    !space_read(cpus->space, at + f->timer_fine_bit / 8, &byte, 1, &ignored) ||
	    !(byte >> f->timer_fine_bit % 8 & 1))
		return 0;
	return field_value(cpus->space, at, f->timer_expires);
}

struct runqueue runqueue_read(const struct cpus *cpus, const struct runqueue_facts *f,
			      unsigned cpu)
{
	struct runqueue q = { .is_known = false };
	struct err ignored;
	uint64_t n;
	vaddr_t at;

	if (!has(cpus->facts->runqueues) ||
	    !cpus_vaddr(cpus, cpu, (vaddr_t)cpus->facts->runqueues, &at, &ignored) ||
	    !field_read(cpus->space, at, f->nr_running, &n) || n > RUNNABLE_MAX)
		return q;
	q.is_known = true;
	q.n_runnable = (unsigned)n;
	q.clock_ns = field_value(cpus->space, at, f->clock);
	q.timer_ns = next_timer(cpus, f, cpu);
	return q;
}

uint64_t runqueue_newest_ns(struct space *s, const struct runqueue_facts *f)
{
	uint64_t ns;
	struct err ignored;

	return has(f->tick_next_period) &&
	       space_read(s, (vaddr_t)f->tick_next_period, &ns, sizeof(ns), &ignored) ? ns : 0;
}

bool task_is_realtime(struct space *s, const struct runqueue_facts *f, vaddr_t task)
{
	uint64_t policy;

	return field_read(s, task, f->policy, &policy) &&
	       (policy == POLICY_FIFO || policy == POLICY_RR);
}

uint64_t task_queued_ns(struct space *s, const struct runqueue_facts *f, vaddr_t task)
{
	return field_value(s, task, f->last_queued);
}
