/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of chosen tasks. init_task.tasks links the processes, signal->thread_head
 * the threads of each (Linux include/linux/sched/signal.h). What a task maps is in the
 * page table at mm->pgd.
 */
#include "tasks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "vmcore/pagetable.h"
#include "vmcore/space.h"

#define MAX_TASKS (1u << 22)	/* PID_MAX_LIMIT */
#define MAX_TABLES (1ULL << 23)	/* a window's at a time: 4 TiB of small pages in all */
#define NOTE_PID_OFF (12 + 8 + 32)	/* header, "CORE", then elf_prstatus.pr_pid */

struct task {
	char comm[COMM_LEN];
	uint32_t pid, tgid;
	vaddr_t mm, signal;
};

#define AT(member) offsetof(struct task_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "init_task", AT(init_task) },
	{ WISH_OFF, "task_struct.tasks", AT(tasks) },
	{ WISH_OFF, "task_struct.comm", AT(comm) },
	{ WISH_COUNT, "task_struct.comm", AT(n_comm) },
	{ WISH_OFF, "task_struct.pid", AT(pid) },
	{ WISH_OFF, "task_struct.tgid", AT(tgid) },
	{ WISH_OFF, "task_struct.mm", AT(mm) },
	{ WISH_OFF, "task_struct.signal", AT(signal) },
	{ WISH_OFF, "task_struct.thread_node", AT(thread_node) },
	{ WISH_OFF, "signal_struct.thread_head", AT(thread_head) },
	{ WISH_OFF, "mm_struct.pgd", AT(pgd) },
};

const struct wish_set task_wishes = WISH_SET(wishes, struct task_facts);

static bool is_known(const struct task_facts *f, struct err *e)
{
	if (!has(f->init_task) || !has(f->tasks) || !has(f->comm) || !has(f->pid) ||
	    !has(f->tgid) || !has(f->mm) || !has(f->signal) || !has(f->thread_node) ||
	    !has(f->thread_head) || !has(f->pgd) || f->n_comm != COMM_LEN)
		return fail(e, ENOENT, "this kernel does not tell where its tasks are");
	return true;
}

static bool read_task(const struct chosen *c, vaddr_t at, struct task *t)
{
	const struct task_facts *f = c->tasks;
	struct space *s = c->space;
	struct err ignored;

	if (!space_read(s, at + f->comm, t->comm, COMM_LEN, &ignored) ||
	    !space_read_u32(s, at + f->pid, &t->pid, &ignored) ||
	    !space_read_u32(s, at + f->tgid, &t->tgid, &ignored) ||
	    !space_read_u64(s, at + f->mm, &t->mm, &ignored) ||
	    !space_read_u64(s, at + f->signal, &t->signal, &ignored))
		return false;
	t->comm[COMM_LEN - 1] = '\0';
	return true;
}

/* ---- who paniced ------------------------------------------------------------ */

/* The pid in the note that the CPU left when it stopped; *pid is 0 for an idle CPU. */
static bool panic_pid(struct chosen *c, uint32_t *pid, struct err *e)
{
	const struct cpu_facts *f = c->cpus;
	uint8_t note[NOTE_PID_OFF + 4];
	uint64_t notes, offset;
	uint32_t cpu, n_cpus;

	if (!has(f->panic_cpu) || !has(f->crash_notes) || !has(f->per_cpu_offset) ||
	    !has(f->nr_cpu_ids))
		return fail(e, ENOENT, "this kernel does not tell which CPU paniced");
	if (!space_read_u32(c->space, f->panic_cpu, &cpu, e) ||
	    !space_read_u32(c->space, f->nr_cpu_ids, &n_cpus, e))
		return within(e, "panic_cpu");
	if (cpu >= n_cpus)
		return fail(e, ENOENT, "no CPU paniced (panic_cpu is %d)", (int)cpu);
	if (!space_read_u64(c->space, f->crash_notes, &notes, e) ||
	    !space_read_u64(c->space, f->per_cpu_offset + cpu * 8ULL, &offset, e) ||
	    !space_read(c->space, notes + offset, note, sizeof(note), e))
		return within(e, "note of CPU %u", cpu);
	if (get_u32(note) != 5 || memcmp(note + 12, "CORE", 5))
		return fail(e, ENOENT, "CPU %u, which paniced, left no note", cpu);
	*pid = get_u32(note + NOTE_PID_OFF);
	return true;
}

/* ---- who is chosen ---------------------------------------------------------- */

/* What has become of a choice. */
enum outcome { NOBODY, NO_MEMORY, TOO_MANY, FOUND };

/* Choices with what becomes of them; a panic has become a pid. */
struct search {
	struct chosen *c;
	struct task_choice choices[MAX_CHOICES];
	enum outcome outcome[MAX_CHOICES];
	unsigned n;
	uint64_t budget;	/* list entries of one direction */
};

static enum outcome add_mm(struct chosen *c, vaddr_t mm)
{
	struct err ignored;
	uint64_t pgd;
	paddr_t paddr;

	if (!mm || !space_read_u64(c->space, mm + c->tasks->pgd, &pgd, &ignored) ||
	    !space_translate(c->space, pgd, &paddr, NULL, &ignored))
		return NO_MEMORY;
	for (unsigned i = 0; i < c->n; i++)
		if (c->pgd[i] == paddr)
			return FOUND;
	if (c->n == MAX_CHOSEN)
		return TOO_MANY;
	c->pgd[c->n++] = paddr;
	return FOUND;
}

/*
 * The memory of t, if it or the leader of its process is chosen: of a leader that has
 * exited, its threads still have the memory.
 */
static void consider(struct search *s, const struct task *t, const struct task *leader)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct task_choice *want = &s->choices[i];
		const struct task *who = leader->mm ? t : leader;
		enum outcome outcome;

		if (want->comm[0] ? strcmp(want->comm, t->comm) && strcmp(want->comm, who->comm)
				  : !want->pid || want->pid != t->pid && want->pid != who->pid)
			continue;
		s->c->n_tasks++;
		outcome = add_mm(s->c, t->mm);
		/* One that is left out is not made good by others that are not. */
		if (s->outcome[i] != TOO_MANY && outcome > s->outcome[i])
			s->outcome[i] = outcome;
		if (outcome == TOO_MANY)
			s->outcome[i] = TOO_MANY;
	}
}

/* A walk over a list, in one direction. */
struct walk {
	vaddr_t at, head;
	vaddr_t last;		/* good entry of a walk; back to there is far enough */
	enum { NEXT = 0, PREV = 8 } dir;
	vaddr_t mark;		/* where we were after the last power of two steps */
	uint64_t n;
};

/* False at the end of a list, and where it leads nowhere or in a circle. */
static bool step(struct search *s, struct walk *w)
{
	struct err ignored;

	if (!s->budget || (!(s->budget % BOUNDS_EVERY) && bounds_over(s->c->bounds)) ||
	    !space_read_u64(s->c->space, w->at + w->dir, &w->at, &ignored) ||
	    w->at == w->head || w->at == w->mark || (w->dir == PREV && w->at == w->last))
		return false;
	if (is_power_of_two(++w->n))
		w->mark = w->at;
	s->budget--;
	*s->c->bounds->alive += 1;
	return true;
}

static void walk_threads(struct search *s, const struct task *leader)
{
	vaddr_t head = leader->signal + s->c->tasks->thread_head;
	struct walk w = { .at = head, .head = head };
	struct task t;

	while (leader->signal && step(s, &w))
		if (read_task(s->c, w.at - s->c->tasks->thread_node, &t) &&
		    t.pid != leader->pid)
			consider(s, &t, leader);
}

static void walk_tasks(struct search *s, struct walk *w)
{
	struct task t;

	s->budget = MAX_TASKS;
	while (step(s, w)) {
		if (!read_task(s->c, w->at - s->c->tasks->tasks, &t))
			continue;
		if (w->dir == NEXT)
			w->last = w->at;
		consider(s, &t, &t);
		walk_threads(s, &t);
	}
}

/* False when there may be tasks that the list does not lead to. */
static bool all_tasks(struct search *s)
{
	vaddr_t head = s->c->tasks->init_task + s->c->tasks->tasks;
	struct walk w = { .at = head, .head = head };

	walk_tasks(s, &w);
	if (w.at == head)
		return true;
	/* What is behind a break can be reached from the other end. */
	w = (struct walk){ .at = head, .head = head, .last = w.last, .dir = PREV };
	walk_tasks(s, &w);
	return w.at == w.last;
}

/* ---- what they map ---------------------------------------------------------- */

static bool add_leaf(void *ctx, const struct leaf *leaf)
{
	struct chosen *c = ctx;

	*c->bounds->alive += 1;
	pfnset_add(&c->set, leaf->paddr >> c->page_shift, leaf->len >> c->page_shift);
	return ++c->n_leaves % BOUNDS_EVERY || !bounds_over(c->bounds);
}

static void fill(void *ctx, struct pfnset *set)
{
	struct chosen *c = ctx;

	(void)set;
	for (unsigned i = 0; i < c->n && !c->gave_up; i++)
		c->gave_up = !pagetable_each_leaf(c->space->pm, c->space->k, c->space->arch,
						  c->pgd[i], &c->tables_left, add_leaf, c);
}

static bool tell(const struct task_choice *choice, enum outcome outcome, struct err *e)
{
	char who[40];

	if (choice->comm[0])
		snprintf(who, sizeof(who), "'%s'", choice->comm);
	else
		snprintf(who, sizeof(who), "%u%s", choice->pid,
			 choice->panic ? ", which paniced" : "");
	switch (outcome) {
	case NOBODY:
		if (choice->panic && !choice->pid)
			return fail(e, ENOENT, "the CPU that paniced was idle");
		return fail(e, ENOENT, "there is no task %s", who);
	case NO_MEMORY:
		return fail(e, ENOENT, "task %s has no memory of its own", who);
	default:
		return fail(e, E2BIG, "of task %s only the first %u address spaces are kept",
			    who, MAX_CHOSEN);
	}
}

bool chosen_init(struct chosen *c, const struct chosen_want *want, struct arena *arena,
		 struct err *e)
{
	const struct task_choice *choices = want->choices;
	unsigned n = want->n;
	struct search s = { .c = c, .n = n };
	struct err why = { .code = 0 };

	*c = (struct chosen){ .space = want->space, .tasks = want->tasks, .cpus = want->cpus,
			      .page_shift = want->page_shift, .tables_left = MAX_TABLES,
			      .bounds = want->bounds };
	if (n > MAX_CHOICES)
		return fail(e, EINVAL, "%u choices of tasks are too many", n);
	if (!pfnset_init(&c->set, fill, c, c->bounds->mem_len, arena, e) ||
	    !is_known(c->tasks, e))
		return false;
	for (unsigned i = 0; i < n; i++) {
		s.choices[i] = choices[i];
		if (choices[i].panic && !panic_pid(c, &s.choices[i].pid, &why))
			s.outcome[i] = FOUND;	/* the reason is in why already */
	}
	if (!all_tasks(&s) && !why.code)
		err_set(&why, EFAULT, "the list of tasks is broken, some may be missing");
	for (unsigned i = 0; i < n && (!why.code || why.code == EFAULT); i++)
		if (s.outcome[i] != FOUND)
			tell(&s.choices[i], s.outcome[i], &why);
	if (!why.code)
		return true;
	*e = why;
	return false;
}
