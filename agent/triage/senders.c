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

/*
 * Since boot, by two clocks: a task's start is by one that NTP steers, the log's is not
 * steered, and no better than a cheap crystal.
 */
#define CLOCKS_APART_NS 1000000000ULL
#define CLOCKS_DRIFT 10000u	/* one in so many: 100 ppm */

#define NAMES_MAX (1u << 16)
#define STEPS_MAX 32u		/* links, and those left out */
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

		if (ev->is_log_clock && ev->kind == kind && ev->time_ns <= time_ns &&
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

		if (ev->is_log_clock && ev->kind == TRACED_ENDS && ev->pid == pid &&
		    ev->time_ns >= time_ns)
			return ev;
	}
	return NULL;
}

/* ---- the task of then ----------------------------------------------------------------- */

#define NOW UINT64_MAX	/* when the kernel died */

/* Who had that number at a time. */
struct then {
	const struct proc *p;		/* NULL: it is not among the tasks, or another one is */
	enum sender_lives lives;
	const struct traced *end;
	char saved[PROC_COMM];		/* how the trace's table has it */
};

/* The task that has the number now: is it the one of then? By when it was started. */
static enum sender_lives judge(struct senders *s, const struct proc *p, uint64_t time_ns)
{
	uint64_t began, apart = CLOCKS_APART_NS + time_ns / CLOCKS_DRIFT;

	if (!field_read(s->space, p->at, s->facts->start_time, &began))
		return SENDER_MAY_LIVE;
	if (began > time_ns)
		return began - time_ns > apart ? SENDER_IS_GONE : SENDER_MAY_LIVE;
	return time_ns - began < apart ? SENDER_MAY_LIVE : SENDER_LIVES;
}

static void find_then(struct senders *s, uint32_t pid, uint64_t time_ns, struct then *t)
{
	const struct proc *p = procs_by_pid(s->procs, pid);
	bool is_zombie = p && p->state == 'Z';

	*t = (struct then){ .end = end_of(s, pid, time_ns) };
	saved_comm(s, pid, t->saved);
	if (!p)
		t->lives = s->procs->cut || s->procs->n_more ? SENDER_MAY_LIVE : SENDER_IS_GONE;
	else
		t->lives = time_ns == NOW ? SENDER_LIVES : judge(s, p, time_ns);
	/* Where the clocks leave it open, another name, or an end, makes it another task. */
	if (t->lives == SENDER_LIVES ||
	    (t->lives == SENDER_MAY_LIVE && p && (!t->end || is_zombie) &&
	     (!t->saved[0] || !strcmp(t->saved, p->comm))))
		t->p = p;
	if (t->end || is_zombie)
		t->lives = SENDER_IS_GONE;
}

static void find_comm(struct senders *s, const struct then *t, uint32_t pid, uint64_t time_ns,
		      char comm[PROC_COMM])
{
	const struct traced *born = life_of(s, TRACED_BORN, pid, time_ns);

	memcpy(comm, t->p ? t->p->comm : t->end ? t->end->comm : t->saved, PROC_COMM);
	if (!comm[0] && born)
		memcpy(comm, born->comm, PROC_COMM);
}

/* ---- the chain ----------------------------------------------------------------------- */

static void take_link(struct senders *s, const struct then *t, uint64_t time_ns,
		      struct chain_link *link)
{
	const struct traced *run = life_of(s, TRACED_RUNS, link->pid, time_ns);

	link->lives = t->lives;
	link->is_kernel = t->p && t->p->is_kernel;
	find_comm(s, t, link->pid, time_ns, link->comm);
	if (run)
		memcpy(link->file, run->text, sizeof(link->file));
}

/* By another clock nobody of then is to be found, only the name that was noted last. */
static void take_bare(struct senders *s, uint32_t pid, struct chain *ret)
{
	if (!pid)
		return;
	ret->links[ret->n] = (struct chain_link){ .pid = pid };
	saved_comm(s, pid, ret->links[ret->n++].comm);
}

void senders_chain(struct senders *s, const struct traced *sent, struct chain *ret)
{
	uint64_t time_ns = sent->time_ns;
	uint32_t pid = sent->pid, tgid = 0;
	struct chain_link *link = ret->links;
	struct then t;

	ret->n = 0;
	if (!sent->is_log_clock) {
		take_bare(s, pid, ret);
		return;
	}
	for (unsigned i = 0; pid && i < STEPS_MAX; i++) {
		const struct traced *born = life_of(s, TRACED_BORN, pid, time_ns);

		find_then(s, pid, time_ns, &t);
		/* A thread is no child of its process: one link does for both. */
		if (!tgid || !t.p || t.p->tgid != tgid) {
			if (ret->n == SENDER_LINKS)
				return;
			link = &ret->links[ret->n++];
			*link = (struct chain_link){ .pid = pid };
			take_link(s, &t, time_ns, link);
		}
		link->by_trace = born;
		tgid = t.p ? t.p->tgid : 0;
		time_ns = born ? born->time_ns : NOW;
		if (born && born->pid == pid)
			return;
		pid = born ? born->pid : t.p ? t.p->ppid : 0;
	}
}
