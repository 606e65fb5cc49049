/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init_task.tasks links the processes, signal->thread_head the threads of each
 * (Linux include/linux/sched/signal.h).
 */
#include "tasklist.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/space.h"

#define MAX_TASKS (1u << 22)	/* PID_MAX_LIMIT */

#define AT(member) offsetof(struct tasklist_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "init_task", AT(init_task) },
	{ WISH_OFF, "task_struct.tasks", AT(tasks) },
	{ WISH_OFF, "task_struct.signal", AT(signal) },
	{ WISH_OFF, "task_struct.thread_node", AT(thread_node) },
	{ WISH_OFF, "signal_struct.thread_head", AT(thread_head) },
};

const struct wish_set tasklist_wishes = WISH_SET(wishes, struct tasklist_facts);

/* What the walks of a list have in common. */
struct tour {
	const struct tasklist *l;
	task_fn *fn;
	void *ctx;
	uint64_t budget;	/* list entries of one direction */
	bool ended;		/* fn has had enough */
	bool broken;		/* some may be missing */
};

/* A walk over a list, in one direction. */
struct walk {
	vaddr_t at, head;
	vaddr_t last;		/* good entry of a walk; back to there is far enough */
	enum { NEXT = 0, PREV = 8 } dir;
	vaddr_t mark;		/* where we were after the last power of two steps */
	uint64_t n;
	bool is_lost;		/* it cannot go on from there */
};

/* False at the end of a list, and where it leads nowhere or in a circle. */
static bool step(struct tour *t, struct walk *w)
{
	const struct bounds *bounds = t->l->bounds;
	struct err ignored;

	if (!t->budget || (!(t->budget % BOUNDS_EVERY) && bounds_over(bounds)) ||
	    !space_read_u64(t->l->space, w->at + w->dir, &w->at, &ignored)) {
		w->is_lost = true;
		return false;
	}
	if (w->at == w->head || w->at == w->mark || (w->dir == PREV && w->at == w->last))
		return false;
	if (is_power_of_two(++w->n))
		w->mark = w->at;
	t->budget--;
	*bounds->alive += 1;
	return true;
}

static bool is_at(const struct walk *w, vaddr_t entry)
{
	return w->at == entry && !w->is_lost;
}

static void call(struct tour *t, vaddr_t task, bool is_leader)
{
	t->ended = t->ended || !t->fn(t->ctx, task, is_leader);
}

/* All threads of a process point at what they share, and its list leads to. */
static void walk_threads(struct tour *t, vaddr_t leader, vaddr_t signal)
{
	const struct tasklist_facts *f = t->l->facts;
	vaddr_t head = signal + f->thread_head, task, shared;
	struct walk w = { .at = head, .head = head };
	struct err ignored;

	while (!t->ended && step(t, &w)) {
		task = w.at - f->thread_node;
		if (task != leader &&
		    space_read_u64(t->l->space, task + f->signal, &shared, &ignored) &&
		    shared == signal)
			call(t, task, false);
	}
	t->broken = t->broken || !is_at(&w, head);
}

static void walk_tasks(struct tour *t, struct walk *w)
{
	const struct tasklist_facts *f = t->l->facts;
	bool passed_over = false;

	t->budget = MAX_TASKS;
	while (!t->ended && step(t, w)) {
		vaddr_t task = w->at - f->tasks, signal;
		struct err ignored;

		/* Where a list leads nowhere is no task: only if it goes on there was one. */
		t->broken = t->broken || passed_over;
		passed_over = !space_read_u64(t->l->space, task + f->signal, &signal,
					      &ignored);
		if (passed_over)
			continue;
		if (w->dir == NEXT)
			w->last = w->at;
		call(t, task, true);
		if (signal)
			walk_threads(t, task, signal);
	}
}

static void walk_all(struct tour *t)
{
	const struct tasklist_facts *f = t->l->facts;
	vaddr_t head = f->init_task + f->tasks;
	struct walk w = { .at = head, .head = head, .last = head };

	walk_tasks(t, &w);
	if (is_at(&w, head))
		return;
	/* What is behind a break can be reached from the other end. */
	w = (struct walk){ .at = head, .head = head, .last = w.last, .dir = PREV };
	walk_tasks(t, &w);
	t->broken = t->broken || !is_at(&w, w.last);
}

bool tasklist_each(const struct tasklist *l, task_fn *fn, void *ctx, struct err *e)
{
	const struct tasklist_facts *f = l->facts;
	struct tour t = { .l = l, .fn = fn, .ctx = ctx };

	if (!has(f->init_task) || !has(f->tasks) || !has(f->signal) ||
	    !has(f->thread_node) || !has(f->thread_head))
		return fail(e, ENOENT, "this kernel does not tell where its tasks are");
	walk_all(&t);
	return t.ended || !t.broken ||
	       fail(e, EFAULT, "the list of tasks is broken, some may be missing");
}
