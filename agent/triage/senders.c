/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A number is one process after the other: a task of the list is taken for the one of then
 * only if it was started before the signal. Of who has ended, the trace's own events tell the
 * parent, if they were on, and its table of names (Linux kernel/trace/trace_sched_switch.c)
 * how it was called.
 */
#include "senders.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define CLOCKS_APART_NS 1000000000ULL	/* since boot by two clocks */
#define NAMES_MAX (1u << 16)
#define PID_SLOTS 32768u		/* PID_MAX_DEFAULT, as the table has it */

#define AT(member) offsetof(struct sender_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "savedcmd", AT(saved) },
	WISH_FIELD("saved_cmdlines_buffer.map_pid_to_cmdline", AT(by_pid)),
	WISH_FIELD("saved_cmdlines_buffer.map_cmdline_to_pid", AT(pids)),
	WISH_FIELD("saved_cmdlines_buffer.saved_cmdlines", AT(comms)),
	WISH_FIELD("saved_cmdlines_buffer.cmdline_num", AT(n)),
	WISH_FIELD("task_struct.start_time", AT(start_time)),
};

const struct wish_set sender_wishes = WISH_SET(wishes, struct sender_facts);

/* ---- names -------------------------------------------------------------------------- */

static void saved_comm(struct senders *s, uint32_t pid, char comm[PROC_COMM])
{
	const struct sender_facts *f = s->facts;
	uint64_t saved, n, comms;
	uint32_t slot, is_pid;
	struct err ignored;

	comm[0] = '\0';
	if (!has(f->saved) || !has(f->by_pid.off) || !has(f->comms.off) ||
	    !space_read_u64(s->space, (vaddr_t)f->saved, &saved, &ignored) ||
	    !field_read(s->space, saved, f->n, &n) || n > NAMES_MAX ||
	    !space_read_u32(s->space,
			    saved + f->by_pid.off + 4ULL * (pid & (PID_SLOTS - 1)), &slot,
			    &ignored) || slot >= n ||
	    !space_read_u32(s->space, field_value(s->space, saved, f->pids) + 4ULL * slot,
			    &is_pid, &ignored) || is_pid != pid)
		return;
	/* Since 6.9 the names lie in the table itself. */
	comms = f->comms.size == 1 ? saved + f->comms.off :
		field_value(s->space, saved, f->comms);
	text_at(s->space, comms + 16ULL * slot, comm, PROC_COMM);
}

/* The newest of its life before that time; NULL: the trace has none. */
static const struct traced *life_of(struct senders *s, enum traced_kind kind, uint32_t pid,
				    uint64_t time_ns)
{
	const struct traced_list *l = s->lives;

	for (unsigned i = l->n; i-- > 0; ) {
		const struct traced *ev = &l->list[i];

		if (ev->kind == kind && ev->time_ns <= time_ns &&
		    (kind == TRACED_BORN ? ev->other : ev->pid) == pid)
			return ev;
	}
	return NULL;
}

/* Its end, the first after that time. */
static const struct traced *end_of(struct senders *s, uint32_t pid, uint64_t time_ns)
{
	for (unsigned i = 0; i < s->lives->n; i++) {
		const struct traced *ev = &s->lives->list[i];

		if (ev->kind == TRACED_ENDS && ev->pid == pid && ev->time_ns >= time_ns)
			return ev;
	}
	return NULL;
}

/* In the list of tasks, and there at that time. */
static const struct proc *proc_then(struct senders *s, uint32_t pid, uint64_t time_ns)
{
	const struct proc *p = procs_by_pid(s->procs, pid);
	uint64_t began;

	if (!p || !field_read(s->space, p->at, s->facts->start_time, &began) ||
	    began > time_ns + CLOCKS_APART_NS)
		return NULL;
	return p;
}

void senders_comm(struct senders *s, uint32_t pid, uint64_t time_ns, char comm[PROC_COMM])
{
	const struct proc *p = proc_then(s, pid, time_ns);
	const struct traced *ev = end_of(s, pid, time_ns);

	if (p)
		memcpy(comm, p->comm, PROC_COMM);
	else if (ev)
		memcpy(comm, ev->comm, PROC_COMM);
	else
		saved_comm(s, pid, comm);
	if (comm[0])
		return;
	ev = life_of(s, TRACED_BORN, pid, time_ns);
	if (ev)
		memcpy(comm, ev->comm, PROC_COMM);
}

/* ---- the chain ----------------------------------------------------------------------- */

static void take_link(struct senders *s, uint32_t pid, uint64_t time_ns,
		      struct chain_link *link)
{
	const struct proc *p = proc_then(s, pid, time_ns);
	const struct traced *run = life_of(s, TRACED_RUNS, pid, time_ns);

	*link = (struct chain_link){ .pid = pid, .lives = p && p->state != 'Z' };
	link->is_kernel = p && p->is_kernel;
	senders_comm(s, pid, time_ns, link->comm);
	if (run)
		memcpy(link->file, run->text, sizeof(link->file));
}

void senders_chain(struct senders *s, const struct traced *sent, struct chain *ret)
{
	uint64_t time_ns = sent->time_ns;
	uint32_t pid = sent->pid;

	for (ret->n = 0; pid && ret->n < SENDER_LINKS; ) {
		struct chain_link *link = &ret->links[ret->n++];
		const struct traced *born = life_of(s, TRACED_BORN, pid, time_ns);
		const struct proc *p = proc_then(s, pid, time_ns);

		take_link(s, pid, time_ns, link);
		link->by_trace = born;
		if (born)
			time_ns = born->time_ns;
		pid = born ? born->pid : p ? p->ppid : 0;
		if (born && pid == link->pid)
			return;
	}
}
