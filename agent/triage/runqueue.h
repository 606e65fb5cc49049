/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many tasks wanted a CPU, and by what right the one ran that had it. */
#ifndef TRIAGE_RUNQUEUE_H
#define TRIAGE_RUNQUEUE_H

#include "field.h"
#include "kernel/cpus.h"

/* Linux include/uapi/linux/sched.h: SCHED_FIFO and SCHED_RR run until they sleep. */
enum { POLICY_FIFO = 1, POLICY_RR = 2 };

struct runqueue {
	bool is_known;
	unsigned n_runnable;	/* tasks, with the one that runs */
	uint64_t clock_ns;	/* when it last looked at its clock; 0: not known */
	uint64_t timer_ns;	/* when its next timer is due, monotonic; likewise */
};

struct runqueue_facts {
	struct field nr_running, clock;		/* struct rq */
	int64_t hrtimer_bases;			/* of each CPU, struct hrtimer_cpu_base */
	struct field timer_expires;		/* expires_next */
	int64_t timer_fine_bit;			/* hres_active, in bits */
	int64_t tick_next_period;		/* when the next jiffy begins, monotonic */
	struct field policy, last_queued;	/* task_struct */
};

extern const struct wish_set runqueue_wishes;

/* Of that CPU; what cannot be read is not known. */
struct runqueue runqueue_read(const struct cpus *cpus, const struct runqueue_facts *f,
			      unsigned cpu);

/* The newest monotonic time that the machine has noted, in nanoseconds; 0: not known. */
uint64_t runqueue_newest_ns(struct space *s, const struct runqueue_facts *f);

/* Does a task of realtime policy run there, which none of the usual kind comes beside? */
bool task_is_realtime(struct space *s, const struct runqueue_facts *f, vaddr_t task);

/* Since when a task that could run waits for a CPU; 0: not known, or it does not. */
uint64_t task_queued_ns(struct space *s, const struct runqueue_facts *f, vaddr_t task);

#endif
