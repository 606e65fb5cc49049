/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPUs of the crashed machine: how many there can be, where each has its own data, and
 * what it was running.
 */
#ifndef KERNEL_CPUS_H
#define KERNEL_CPUS_H

#include "wishes.h"

struct space;

#define MAX_CPUS 8192u	/* as many as Linux can be made for */

/* What must be known of CPUs. */
struct cpu_facts {
	int64_t per_cpu_offset;		/* u64 per_cpu_offset[nr_cpu_ids] */
	int64_t nr_cpu_ids;		/* address of an unsigned int */
	int64_t possible;		/* bits: struct cpumask __cpu_possible_mask */
	int64_t panic_cpu;		/* address of an atomic_t */
	int64_t crash_notes;		/* address of a per-CPU pointer to note buffers */
	int64_t current_task;	/* per-CPU: what it runs, x86 up to 6.1 and since 6.15 */
	int64_t pcpu_hot, pcpu_hot_current;	/* the same in between */
	int64_t runqueues, rq_curr;	/* per-CPU: struct rq */
};

extern const struct wish_set cpu_wishes;

struct cpus {
	struct space *space;
	const struct cpu_facts *facts;
	unsigned n;		/* numbers of CPUs are below it */
};

/* False when this kernel does not tell where a CPU has its data, or says what cannot be. */
bool cpus_open(struct cpus *c, struct space *space, const struct cpu_facts *facts,
	       struct err *e);

/*
 * Can there be a CPU of that number? Which of them are online is no question to ask: on
 * arm64 one that the crash has stopped is offline.
 */
bool cpus_has(const struct cpus *c, unsigned cpu);

/* What a per-CPU symbol or pointer is on that CPU, which cpus_has. */
bool cpus_vaddr(const struct cpus *c, unsigned cpu, vaddr_t percpu, vaddr_t *ret,
		struct err *e);

/* Which CPU called for the crash kernel. */
bool cpus_panic(const struct cpus *c, unsigned *cpu_ret, struct err *e);

/* The struct task_struct that it was running; of an idle CPU its idle task. */
bool cpus_current(const struct cpus *c, unsigned cpu, vaddr_t *task_ret, struct err *e);

#endif
