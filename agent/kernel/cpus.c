/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each CPU has for itself. The distance to it from a per-CPU symbol is in
 * __per_cpu_offset, also since such symbols are no longer small numbers on x86 (6.15).
 * Entries of CPUs that cannot be are not to be used: x86 has them lead to the image's copy.
 */
#include "cpus.h"

#include <errno.h>

#include "base/err.h"
#include "vmcore/space.h"

#define AT(member) offsetof(struct cpu_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "__per_cpu_offset", AT(per_cpu_offset) },
	{ WISH_SYMBOL, "nr_cpu_ids", AT(nr_cpu_ids) },
	{ WISH_SYMBOL, "__cpu_possible_mask", AT(possible) },
	{ WISH_SYMBOL, "panic_cpu", AT(panic_cpu) },
	{ WISH_SYMBOL, "crash_notes", AT(crash_notes) },
	{ WISH_SYMBOL, "current_task", AT(current_task) },
	{ WISH_SYMBOL, "pcpu_hot", AT(pcpu_hot) },
	{ WISH_OFF, "pcpu_hot.current_task", AT(pcpu_hot_current) },
	{ WISH_SYMBOL, "runqueues", AT(runqueues) },
	{ WISH_OFF, "rq.curr", AT(rq_curr) },
};

const struct wish_set cpu_wishes = WISH_SET(wishes, struct cpu_facts);

bool cpus_open(struct cpus *c, struct space *space, const struct cpu_facts *facts,
	       struct err *e)
{
	uint32_t n;

	*c = (struct cpus){ .space = space, .facts = facts };
	if (!has(facts->per_cpu_offset) || !has(facts->nr_cpu_ids))
		return fail(e, ENOENT, "this kernel does not tell where its CPUs' data are");
	if (!space_read_u32(space, facts->nr_cpu_ids, &n, e))
		return within(e, "nr_cpu_ids");
	if (!n || n > MAX_CPUS)
		return fail(e, EINVAL, "%u CPUs are not possible", n);
	c->n = n;
	return true;
}

bool cpus_has(const struct cpus *c, unsigned cpu)
{
	struct err ignored;
	uint64_t word;

	if (cpu >= c->n)
		return false;
	return !has(c->facts->possible) ||
	       (space_read_u64(c->space, c->facts->possible + cpu / 64 * 8, &word, &ignored) &&
		word >> cpu % 64 & 1);
}

bool cpus_vaddr(const struct cpus *c, unsigned cpu, vaddr_t percpu, vaddr_t *ret,
		struct err *e)
{
	uint64_t offset;

	if (!space_read_u64(c->space, c->facts->per_cpu_offset + cpu * 8ULL, &offset, e))
		return within(e, "data of CPU %u", cpu);
	*ret = percpu + offset;
	return true;
}

bool cpus_panic(const struct cpus *c, unsigned *cpu_ret, struct err *e)
{
	uint32_t cpu;

	if (!has(c->facts->panic_cpu))
		return fail(e, ENOENT, "this kernel does not tell which CPU paniced");
	if (!space_read_u32(c->space, c->facts->panic_cpu, &cpu, e))
		return within(e, "panic_cpu");
	if (!cpus_has(c, cpu))
		return fail(e, ENOENT, "no CPU paniced (panic_cpu is %d)", (int)cpu);
	*cpu_ret = cpu;
	return true;
}

/*
 * x86 has a variable of its own for it, which was part of pcpu_hot from 6.2 to 6.14; what
 * the scheduler runs is the same but in the middle of a switch.
 */
static bool current_of(const struct cpu_facts *f, vaddr_t *percpu_ret)
{
	if (has(f->current_task))
		*percpu_ret = f->current_task;
	else if (has(f->pcpu_hot) && has(f->pcpu_hot_current))
		*percpu_ret = f->pcpu_hot + f->pcpu_hot_current;
	else if (has(f->runqueues) && has(f->rq_curr))
		*percpu_ret = f->runqueues + f->rq_curr;
	else
		return false;
	return true;
}

bool cpus_current(const struct cpus *c, unsigned cpu, vaddr_t *task_ret, struct err *e)
{
	vaddr_t percpu, at;

	if (!current_of(c->facts, &percpu))
		return fail(e, ENOENT, "this kernel does not tell what a CPU runs");
	if (!cpus_vaddr(c, cpu, percpu, &at, e))
		return false;
	if (!space_read_u64(c->space, at, task_ret, e))
		return within(e, "current task of CPU %u", cpu);
	return *task_ret || fail(e, ENOENT, "CPU %u never ran", cpu);
}
