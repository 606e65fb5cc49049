/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules for what does not go on: CPUs and tasks. */
#include "finding_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocked.h"
#include "finding_parts.h"
#include "glob.h"
#include "subject.h"
#include "triage.h"

#define CPUS_TOLD 2u

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

/* ---- spin locks ------------------------------------------------------------------------ */

/* Linux asm-generic/qspinlock_types.h, kernel/locking/qspinlock_paravirt.h: held, in a byte. */
#define LOCK_BYTE 0xffu
enum { LOCKED = 1, LOCKED_WITH_HASH = 3 };

static const char *const spinning[] = { "*queued_spin_lock_slowpath", NULL };

static bool frame_spins(struct report *r, const struct frame *frame)
{
	struct symbol sym;

	return frame_symbol(&r->symbols, frame, &sym) && glob_any(spinning, sym.name);
}

/*
 * The lock that it spins for, by the first argument of the function that does; it is
 * believed if what lies there is held. 0: it spins for none, or that is not known.
 */
static vaddr_t spinlock_of(struct report *r)
{
	const struct stack *stack = &r->subject_stack;
	struct err ignored;
	uint32_t word;
	vaddr_t lock;

	if (!r->has_subject_regs || r->subject_first >= stack->n ||
	    !frame_spins(r, &stack->frames[r->subject_first]))
		return 0;
	lock = r->subject_regs[r->arch->reg_arg];
	if (!space_read_u32(r->triage->space, lock, &word, &ignored))
		return 0;
	word &= LOCK_BYTE;
	return word == LOCKED || word == LOCKED_WITH_HASH ? lock : 0;
}

/* Tells those that spin for a lock, or those that do not; how many more there are. */
static unsigned because_of_cpus(struct report *r, struct finding *f, bool spin, unsigned *room)
{
	char where[SYMBOL_TEXT];
	unsigned more = 0;

	for (unsigned i = 0; i < r->n_cpus; i++) {
		const struct cpu_state *cpu = &r->cpus[i];
		unsigned at = cpu_broken_into(r, &cpu->stack);

		if (!cpu->task.pid || cpu->task.at == r->subject.at || cpu->mode == CPU_USER ||
		    at >= cpu->stack.n || frame_spins(r, &cpu->stack.frames[at]) != spin)
			continue;
		if (!*room) {
			more++;
			continue;
		}
		frame_text(&r->symbols, &cpu->stack.frames[at], where);
		finding_because(f, "CPU %u runs %s (pid %u), at %.80s", cpu->nr,
				cpu->task.comm, cpu->task.pid, where);
		--*room;
	}
	return more;
}

/*
 * What the others were at, one of which may have what this one wants; those that want
 * something themselves have it least of all, and may be all but one.
 */
static void because_of_others(struct report *r, struct finding *f)
{
	unsigned room = CPUS_TOLD, more;

	because_of_cpus(r, f, false, &room);
	more = because_of_cpus(r, f, true, &room);
	if (more)
		finding_because(f, "%u more CPU%s for a spin lock", more,
				more == 1 ? " waits" : "s wait");
}

static void because_it_spins(struct report *r, struct finding *f)
{
	vaddr_t lock = spinlock_of(r);
	char name[SYMBOL_TEXT];

	if (!lock)
		return;
	lock_text(r, lock, name);
	finding_because(f, "it waits for the spin lock %.100s, which somebody holds", name);
}

bool finding_lockup(struct report *r, struct finding *f)
{
	const struct oops *o = &r->log.death;
	char where[SYMBOL_TEXT];

	if (o->kind != KIND_SOFT_LOCKUP && o->kind != KIND_HARD_LOCKUP &&
	    o->kind != KIND_RCU_STALL)
		return false;
	finding_where(r, where);
	if (o->is_rcu_starved)
		finding_says(f, "CPU %d let RCU's own thread not run, so that all waited in "
			     "vain%s%s.", o->named_cpu, where[0] ? "; it was in " : "", where);
	else if (o->named_cpu < 0 && o->named_pid >= 0)
		finding_says(f, "RCU waited in vain for %s (pid %d), which got no further%s%s.",
			     o->named_comm[0] ? o->named_comm : "a task", o->named_pid,
			     where[0] ? "; it was in " : "", where);
	else if (o->named_cpu < 0)
		finding_says(f, "A CPU did not come back: %s.", o->line);
	else
		finding_says(f, "CPU %d %s%s%s.", o->named_cpu, lockup_words(o->kind),
			     where[0] ? "; it was in " : "", where);
	finding_because(f, "%s", o->line);
	if (r->subject.at && o->named_cpu >= 0)
		finding_because(f, "it ran %s (pid %u)", r->subject.comm, r->subject.pid);
	because_it_spins(r, f);
	because_of_others(r, f);
	because_of_queue(r, f, o->named_cpu);
	finding_earlier_fault(r, f);
	finding_module(r, f);
	return true;
}

/* ---- interrupts that are off ------------------------------------------------------------- */

#define DEAF_S 2.0	/* no code is without interrupts for so long */

/* It was stopped with its interrupts off, or did not answer the call to stop. */
static bool is_deaf(const struct report *r, const struct cpu_state *cpu)
{
	if (cpu->clock_stands_s < DEAF_S ||
	    (r->crash_cpu >= 0 && cpu == &r->cpus[r->crash_cpu]))
		return false;
	return cpu->mode == CPU_SILENT ||
	       ((cpu->mode == CPU_KERNEL || cpu->mode == CPU_IRQ) &&
		arch_irqs_off(r->arch, cpu->regs));
}

/* Its clock stands, and its own registers say why. */
bool finding_deaf(struct report *r, struct finding *f)
{
	const struct cpu_state *cpu = NULL;
	char where[SYMBOL_TEXT] = "";

	if (!finding_is_hang(r) || r->is_live)
		return false;
	for (unsigned i = 0; i < r->n_cpus && !cpu; i++)
		if (is_deaf(r, &r->cpus[i]))
			cpu = &r->cpus[i];
	if (!cpu)
		return false;
	if (cpu->stack.n)
		frame_text(&r->symbols, &cpu->stack.frames[0], where);
	finding_says(f, "CPU %u took no interrupts for %.0f s%s%.120s, and ran %s (pid %u).",
		     cpu->nr, cpu->clock_stands_s, where[0] ? "; it was in " : "", where,
		     cpu->task.comm, cpu->task.pid);
	finding_because(f, "its clock stands for %.0f s", cpu->clock_stands_s);
	finding_because(f, cpu->mode == CPU_SILENT ? "it did not answer the call to stop" :
			   "its interrupts were off when it was stopped");
	because_of_queue(r, f, (int)cpu->nr);
	return true;
}

/* ---- tasks ------------------------------------------------------------------------------- */

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
	if (o->named_pid < 0 || o->blocked_s < 0)
		finding_says(f, "Tasks were blocked for longer than the kernel was told to "
				"bear.");
	else
		finding_says(f, "%s (pid %d) was blocked for more than %d s%s%s.",
			     o->named_comm, o->named_pid, o->blocked_s,
			     where[0] ? ", in " : "", where);
	because_named_waits(r, f);
	if (r->n_blocked_tasks)
		finding_because(f, "%u task%s blocked in all (state D)", r->n_blocked_tasks,
				r->n_blocked_tasks == 1 ? " is" : "s are");
	finding_trouble_before(r, f);
	finding_by_log(r, f);
	finding_earlier_fault(r, f);
	finding_module(r, f);
	return true;
}

/* ---- workers ----------------------------------------------------------------------------- */

#define STALL_TOLD_S 60.0	/* Linux kernel/workqueue.c says it again each 30 s */

/*
 * "cpus=3 node=0 flags=0x0": of one CPU. A pool of several has "cpus=0-3", or "cpus=1,3"; of a
 * machine with one CPU those have "cpus=0", too, but are marked as bound to none, as is the
 * pool of a CPU that was taken away (Linux kernel/workqueue.c, POOL_DISASSOCIATED).
 */
#define POOL_UNBOUND 4ul

static bool names_cpu(const char *message, int *cpu)
{
	const char *at = strstr(message, "cpus="), *flags = strstr(message, " flags=");

	if (!at || !flags || !log_number_after(at, "cpus=", cpu) ||
	    strtoul(flags + strlen(" flags="), NULL, 0) & POOL_UNBOUND)
		return false;
	at += strlen("cpus=");
	return at[strspn(at, "0123456789")] == ' ';
}

/* Did that pool stand still when it ended? */
static bool stood_in_the_end(const struct report *r, const struct log_line *line)
{
	return r->log.death.kind == KIND_WORKQUEUE_STALL ||
	       (line->seconds >= 0 && r->system.uptime_s >= 0 &&
		r->system.uptime_s - line->seconds <= STALL_TOLD_S);
}

/* The newest line that a pool of workers stands, and of which CPU that is. */
static const struct log_line *stalled_pool(const struct report *r, int *cpu)
{
	const struct log_line *line, *found = NULL;
	int nr;

	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++)
		if (crash_kind_of_line(line->message) == KIND_WORKQUEUE_STALL &&
		    names_cpu(line->message, &nr) && stood_in_the_end(r, line)) {
			found = line;
			*cpu = nr;
		}
	return found;
}

/* "kworker/3:1", or "kworker/3:1H" of the pool with nice=-20; "kworker/u8:2" is of neither. */
static bool is_of_pool(const struct proc *p, int nr, const char *message)
{
	char name[PROC_COMM];
	bool is_high = strchr(p->comm, 'H');

	snprintf(name, sizeof(name), "kworker/%d:", nr);
	return !strncmp(p->comm, name, strlen(name)) && is_high == !!strstr(message, "nice=-");
}

/* What runs there is a worker of that pool, and it is at that function. */
static bool because_of_worker(struct report *r, struct finding *f, int nr, const char *message)
{
	struct detailer d = { .space = r->triage->space, .symbols = &r->symbols };
	char function[SYMBOL_TEXT];

	for (unsigned i = 0; i < r->n_cpus; i++) {
		const struct cpu_state *cpu = &r->cpus[i];

		if ((int)cpu->nr != nr || !cpu->task.at ||
		    !is_of_pool(&cpu->task, nr, message))
			continue;
		worker_function(&d, &r->triage->facts.worker, cpu->task.at, function);
		if (!function[0])
			return false;
		finding_says(f, "The kernel workers of CPU %d got nothing done any more: %s "
			     "(pid %u) is at %.120s, and keeps it.", nr, cpu->task.comm,
			     cpu->task.pid, function);
		return true;
	}
	return false;
}

/* The log names the pool, and the CPU's own task is what keeps it. */
bool finding_workqueue(struct report *r, struct finding *f)
{
	int cpu = -1;
	const struct log_line *line = stalled_pool(r, &cpu);
	bool is_death = r->log.death.kind == KIND_WORKQUEUE_STALL;

	if (!is_death && (!line || !finding_is_hang(r)))
		return false;
	if (!line || !because_of_worker(r, f, cpu, line->message)) {
		if (!is_death)
			return false;
		finding_says(f, "A pool of kernel workers got nothing done any more: %s.",
			     r->log.death.line);
	}
	if (line)
		finding_because(f, "%s", line->message);
	return true;
}
