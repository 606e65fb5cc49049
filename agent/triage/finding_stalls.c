/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for what does not go on: CPUs, tasks, memory. */
#include "finding_rules.h"

#include <inttypes.h>
#include <stdio.h>

#include "blocked.h"
#include "finding_parts.h"

#define MIB (1024.0 * 1024.0)

/* ---- what does not go on --------------------------------------------------------------- */

/* What a CPU did not do any more. */
static const char *lockup_words(enum crash_kind kind)
{
	switch (kind) {
	case KIND_HARD_LOCKUP:
		return "took no interrupts any more";
	case KIND_SOFT_LOCKUP:
		return "ran nothing else any more";
	default:
		return "never came to rest, so that RCU waited in vain";
	}
}

/* Who could not run there meanwhile. */
static void because_of_queue(struct report *r, struct finding *f, int named_cpu)
{
	for (unsigned i = 0; i < r->n_cpus; i++) {
		const struct cpu_state *cpu = &r->cpus[i];
		double longest;

		if ((int)cpu->nr != named_cpu || !cpu->n_waiters)
			continue;
		longest = report_seconds_since(r, cpu->waiters[0].since_ns);
		if (longest >= BLOCKED_LONG_S)
			finding_because(f, "%u task%s for that CPU, %s (pid %u) for %.0f s",
					cpu->n_waiting,
					cpu->n_waiting == 1 ? " waits" : "s wait",
					cpu->waiters[0].proc->comm,
					cpu->waiters[0].proc->pid, longest);
	}
}

bool finding_lockup(struct report *r, struct finding *f)
{
	const struct oops *o = &r->log.death;
	char where[SYMBOL_TEXT];

	if (o->kind != KIND_SOFT_LOCKUP && o->kind != KIND_HARD_LOCKUP &&
	    o->kind != KIND_RCU_STALL)
		return false;
	finding_where(r, where);
	if (o->named_cpu < 0)
		finding_says(f, "A CPU did not come back: %s.", o->line);
	else
		finding_says(f, "CPU %d %s%s%s.", o->named_cpu, lockup_words(o->kind),
			     where[0] ? "; it was in " : "", where);
	finding_because(f, "%s", o->line);
	if (r->subject.at)
		finding_because(f, "it ran %s (pid %u)", r->subject.comm, r->subject.pid);
	because_of_queue(r, f, o->named_cpu);
	finding_module(r, f);
	return true;
}

/* What the blocked task of that number waits for, if that is known. */
static void because_named_waits(struct report *r, struct finding *f)
{
	char text[WAIT_TEXT];

	for (unsigned i = 0; i < r->n_waiters; i++) {
		const struct blocked_task *b = &r->waiters[i];

		if ((int)b->proc.pid != r->log.death.named_pid)
			continue;
		wait_text(r, &b->wait, text);
		if (text[0])
			finding_because(f, "it waits for %s", text);
		return;
	}
}

bool finding_hung_task(struct report *r, struct finding *f)
{
	const struct oops *o = &r->log.death;
	char where[SYMBOL_TEXT];

	if (o->kind != KIND_HUNG_TASK)
		return false;
	finding_where(r, where);
	finding_says(f, "%s (pid %d) was blocked for more than %d s%s%s.", o->named_comm,
		     o->named_pid, o->blocked_s, where[0] ? ", in " : "", where);
	because_named_waits(r, f);
	if (r->n_blocked_tasks)
		finding_because(f, "%u task%s blocked in all (state D)", r->n_blocked_tasks,
				r->n_blocked_tasks == 1 ? " is" : "s are");
	finding_module(r, f);
	return true;
}

bool finding_workqueue(struct report *r, struct finding *f)
{
	if (r->log.death.kind != KIND_WORKQUEUE_STALL)
		return false;
	finding_says(f, "A pool of kernel workers got nothing done any more: %s.",
		     r->log.death.line);
	return true;
}

/* ---- memory ------------------------------------------------------------------------------ */

static uint64_t slab_of(const struct memuse *m)
{
	uint64_t sum = 0;

	for (int c = MEM_SLAB_RECLAIMABLE; c <= MEM_SLAB_UNRECLAIMABLE; c++)
		if (m->counters[c] != MEM_UNKNOWN)
			sum += m->counters[c];
	return sum;
}

enum oom_user { OOM_UNKNOWN, OOM_SLAB, OOM_HUGETLB, OOM_SHMEM, OOM_PROCESS };

/* One user is named only if it has a quarter of memory, and the kernel's total bears it out. */
static enum oom_user oom_user(const struct report *r)
{
	const struct memuse *m = &r->memory;
	uint64_t total = m->counters[MEM_TOTAL], shmem = m->counters[MEM_SHMEM],
		 huge = m->counters[MEM_HUGETLB];

	if (!r->has_memory || total == MEM_UNKNOWN || !total)
		return OOM_UNKNOWN;
	if (m->n_caches && m->caches[0].bytes > total / 4 &&
	    slab_of(m) >= m->caches[0].bytes / 10 * 9)
		return OOM_SLAB;
	if (huge != MEM_UNKNOWN && huge > total / 4 && huge <= total)
		return OOM_HUGETLB;
	if (shmem != MEM_UNKNOWN && shmem > total / 3)
		return OOM_SHMEM;
	if (m->n_procs && m->procs[0].bytes > total / 4)
		return OOM_PROCESS;
	return OOM_UNKNOWN;
}

bool finding_oom_user(struct report *r, char *text, size_t size)
{
	switch (oom_user(r)) {
	case OOM_SLAB:
		snprintf(text, size, "slab %s", r->memory.caches[0].name);
		return true;
	case OOM_HUGETLB:
		snprintf(text, size, "hugetlb");
		return true;
	case OOM_SHMEM:
		snprintf(text, size, "shmem");
		return true;
	case OOM_PROCESS:
		snprintf(text, size, "anon %s", r->memory.procs[0].comm);
		return true;
	default:
		return false;
	}
}

bool finding_oom(struct report *r, struct finding *f)
{
	const struct memuse *m = &r->memory;
	double total = m->counters[MEM_TOTAL] / MIB;

	if (r->log.death.kind != KIND_OOM)
		return false;
	switch (oom_user(r)) {
	case OOM_SLAB:
		finding_says(f, "Memory is used up by the kernel itself: slab cache %s has "
			     "%.0f of %.0f MiB, %" PRIu64 " objects.", m->caches[0].name,
			     m->caches[0].bytes / MIB, total, m->caches[0].objects);
		break;
	case OOM_HUGETLB:
		finding_says(f, "Memory is kept for huge pages (hugetlb): %.0f of %.0f MiB, "
			     "which nothing else may use.", m->counters[MEM_HUGETLB] / MIB,
			     total);
		break;
	case OOM_SHMEM:
		finding_says(f, "Memory is used up by shared memory and tmpfs: %.0f of "
			     "%.0f MiB.", m->counters[MEM_SHMEM] / MIB, total);
		break;
	case OOM_PROCESS:
		finding_says(f, "Memory is used up by a process: %s (pid %u) has %.0f of "
			     "%.0f MiB.", m->procs[0].comm, m->procs[0].pid,
			     m->procs[0].bytes / MIB, total);
		break;
	case OOM_UNKNOWN:
		finding_says(f, "Memory was used up, and no single user of it stands out.");
		break;
	}
	finding_because(f, "%s", r->log.panic);
	finding_memory(r, f);
	return true;
}
