/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tasks of the crashed kernel: who they are, what state they are in, since when. */
#ifndef TRIAGE_PROCS_H
#define TRIAGE_PROCS_H

#include "field.h"

struct arena;
struct layouts;

#define PROCS_MAX 65536u
#define PROC_COMM 16

struct proc {
	vaddr_t at;		/* struct task_struct */
	uint32_t pid, tgid, ppid;
	uint32_t cpu;
	char comm[PROC_COMM];
	char state;		/* as ps has it: R S D I T t X Z P; ? not known */
	bool is_kernel;		/* a thread of the kernel: it has no memory of its own */
	vaddr_t mm;
	uint64_t since_ns;	/* when it last began to run or to wait; 0: not known */
	uint64_t rss;		/* bytes, of one that leads a process; 0: not known */
};

struct proc_facts {
	struct field pid, tgid, comm, real_parent, cpu, state, exit_state, flags, mm;
	struct field last_arrival;		/* sched_info.last_arrival */
	struct field rss_stat, rss_count;	/* mm: four counters; before 6.2 in a struct */
	struct field counter_count, counter_cpus;	/* struct percpu_counter */
	struct field loginuid, cred, cred_uid;
};

extern const struct wish_set proc_wishes;

struct procs {
	struct space *space;
	const struct proc_facts *facts;
	struct proc *list;
	unsigned n;
	uint64_t n_more;	/* that had no room in the list, only counted */
	bool cut;		/* the walk was not the whole of it */
	uint64_t by_state[128];
};

/* Room for the list; adding tasks is the walk's matter. */
bool procs_init(struct procs *p, struct arena *arena, struct err *e);
void procs_add(struct procs *p, vaddr_t task);

/* One that is not in the list too, as a CPU's idle task. False: it cannot be read. */
bool proc_read(struct procs *p, vaddr_t task, struct proc *proc);

const struct proc *procs_by_pid(const struct procs *p, uint32_t pid);
const struct proc *procs_by_address(const struct procs *p, vaddr_t task);

/* Has a waited for longer than b? Those of which that is not known come last. */
static inline bool proc_is_longer(const struct proc *a, const struct proc *b)
{
	return a->since_ns && (!b->since_ns || a->since_ns < b->since_ns);
}

/* Waits for something that no signal ends, and is not merely idle. */
static inline bool proc_is_blocked(const struct proc *proc)
{
	return proc->state == 'D';
}

#endif
