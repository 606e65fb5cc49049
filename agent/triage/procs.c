/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of struct task_struct (Linux include/linux/sched.h), read task by task. */
#include "procs.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"

/* include/linux/sched.h */
#define TASK_INTERRUPTIBLE 0x1
#define TASK_UNINTERRUPTIBLE 0x2
#define TASK_STOPPED 0x4
#define TASK_TRACED 0x8
#define EXIT_DEAD 0x10
#define EXIT_ZOMBIE 0x20
#define TASK_PARKED 0x40
#define TASK_NOLOAD 0x400
#define PF_KTHREAD 0x00200000u

#define AT(member) offsetof(struct proc_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("task_struct.pid", AT(pid)),
	WISH_FIELD("task_struct.tgid", AT(tgid)),
	WISH_FIELD("task_struct.comm", AT(comm)),
	WISH_FIELD("task_struct.real_parent", AT(real_parent)),
	WISH_FIELD("task_struct.thread_info.cpu", AT(cpu)),
	WISH_FIELD("task_struct.cpu", AT(cpu)),
	WISH_FIELD("task_struct.__state", AT(state)),
	WISH_FIELD("task_struct.state", AT(state)),
	WISH_FIELD("task_struct.exit_state", AT(exit_state)),
	WISH_FIELD("task_struct.flags", AT(flags)),
	WISH_FIELD("task_struct.mm", AT(mm)),
	WISH_FIELD("task_struct.sched_info.last_arrival", AT(last_arrival)),
	WISH_FIELD("mm_struct.rss_stat", AT(rss_stat)),
	WISH_FIELD("mm_rss_stat.count", AT(rss_count)),
	WISH_FIELD("percpu_counter.count", AT(counter_count)),
	WISH_FIELD("percpu_counter.counters", AT(counter_cpus)),
	WISH_FIELD("task_struct.loginuid", AT(loginuid)),
	WISH_FIELD("task_struct.cred", AT(cred)),
	WISH_FIELD("cred.uid", AT(cred_uid)),
};

const struct wish_set proc_wishes = WISH_SET(wishes, struct proc_facts);

bool procs_init(struct procs *p, struct arena *arena, struct err *e)
{
	p->n = 0;
	p->n_more = 0;
	p->cut = false;
	memset(p->by_state, 0, sizeof(p->by_state));
	p->list = arena_take(arena, PROCS_MAX, sizeof(p->list[0]), "tasks", e);
	return p->list;
}

static char state_letter(uint64_t state, uint64_t exit_state)
{
	if (exit_state & EXIT_ZOMBIE)
		return 'Z';
	if (exit_state & EXIT_DEAD)
		return 'X';
	if (state & TASK_UNINTERRUPTIBLE)
		return state & TASK_NOLOAD ? 'I' : 'D';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	if (state & TASK_STOPPED)
		return 'T';
	if (state & TASK_TRACED)
		return 't';
	if (state & TASK_PARKED)
		return 'P';
	return 'R';
}

bool proc_read(struct procs *p, vaddr_t task, struct proc *proc)
{
	const struct proc_facts *f = p->facts;
	struct space *s = p->space;
	uint64_t pid, state;

	if (!field_read(s, task, f->pid, &pid))
		return false;
	memset(proc, 0, sizeof(*proc));
	proc->at = task;
	proc->pid = (uint32_t)pid;
	proc->tgid = (uint32_t)field_value(s, task, f->tgid);
	proc->ppid = (uint32_t)field_value(s, field_value(s, task, f->real_parent), f->tgid);
	proc->cpu = (uint32_t)field_value(s, task, f->cpu);
	field_text(s, task, f->comm, proc->comm, sizeof(proc->comm));
	proc->state = field_read(s, task, f->state, &state) ?
		      state_letter(state, field_value(s, task, f->exit_state)) : '?';
	proc->mm = field_value(s, task, f->mm);
	proc->is_kernel = field_value(s, task, f->flags) & PF_KTHREAD;
	proc->since_ns = field_value(s, task, f->last_arrival);
	return true;
}

void procs_add(struct procs *p, vaddr_t task)
{
	struct proc proc;

	if (!proc_read(p, task, &proc)) {
		p->cut = true;
		return;
	}
	p->by_state[(unsigned char)proc.state & 127]++;
	if (p->n < PROCS_MAX)
		p->list[p->n++] = proc;
	else
		p->n_more++;
}

const struct proc *procs_by_pid(const struct procs *p, uint32_t pid)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->list[i].pid == pid)
			return &p->list[i];
	return NULL;
}

const struct proc *procs_by_address(const struct procs *p, vaddr_t task)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->list[i].at == task)
			return &p->list[i];
	return NULL;
}
