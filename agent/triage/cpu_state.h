/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each CPU was at when the machine died. */
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
	CPU_SILENT,		/* it left no note: it did not answer, or was off */
};

struct cpu_state {
	unsigned nr;
	enum cpu_mode mode;
	struct proc task;	/* that it ran; at is 0: not known */
	uint64_t regs[UNWIND_REGS];
	struct stack stack;
	struct runqueue queue;
	bool is_realtime;	/* the policy of its task */
};

const char *cpu_mode_name(enum cpu_mode mode);

#endif
