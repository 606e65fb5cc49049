/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each CPU was at when the machine died, or is at where it lives. */
#ifndef TRIAGE_CPU_STATE_H
#define TRIAGE_CPU_STATE_H

#include "procs.h"
#include "runqueue.h"
#include "unwind.h"

#define CPU_STATES_MAX 512u		/* whose stacks are kept */

enum cpu_mode {
	CPU_KERNEL,
	CPU_USER,
	CPU_IDLE,
	CPU_IRQ,		/* in an interrupt, of whatever ran */
	CPU_RUNNING,		/* it is at it: of a machine that lives */
	CPU_SILENT,		/* it left no note: it did not answer, or was off */
};

#define CPU_WAITERS 4u		/* that are told of a CPU */

/* A task that could run there, and did not get to. */
struct cpu_waiter {
	const struct proc *proc;
	uint64_t since_ns;	/* 0: not known */
};

struct cpu_state {
	unsigned nr;
	enum cpu_mode mode;
	struct proc task;	/* that it ran; at is 0: not known */
	uint64_t regs[UNWIND_REGS];
	struct stack stack;
	struct runqueue queue;
	bool is_realtime;	/* the policy of its task */
	struct cpu_waiter waiters[CPU_WAITERS];	/* those that wait longest */
	unsigned n_waiters, n_waiting;		/* told, and in all */
	double clock_stands_s;	/* behind the newest, and the log; < 0: not known, or it may */
};

const char *cpu_mode_name(enum cpu_mode mode);

/* Another task that waits there; those that have waited longest stay. */
void cpu_add_waiter(struct cpu_state *cpu, const struct proc *proc, uint64_t since_ns);

/* When the machine died. */
struct cpu_times {
	double uptime_s, died_s;	/* by the log's last line, and its; < 0: not known */
	uint64_t newest_ns;		/* by the timers' clock; 0: not known */
};

/*
 * Sets clock_stands_s of n CPUs: of an idle one nobody looks at the clock, and none stands for
 * longer than the machine was up.
 */
void cpus_set_clocks(struct cpu_state *cpus, unsigned n, const struct cpu_times *times);

#endif
