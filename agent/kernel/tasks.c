/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of chosen tasks: who is on the list of tasks, and what mm->pgd maps. */
#include "tasks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "cpunotes.h"
#include "vmcore/pagetable.h"
#include "vmcore/space.h"

#define MAX_TABLES (1ULL << 23)	/* a window's at a time: 4 TiB of small pages in all */

struct task {
	char comm[COMM_LEN];
	uint32_t pid, tgid;
	vaddr_t mm;
};

#define AT(member) offsetof(struct task_facts, member)

static const struct wish wishes[] = {
	{ WISH_OFF, "task_struct.comm", AT(comm) },
	{ WISH_COUNT, "task_struct.comm", AT(n_comm) },
	{ WISH_OFF, "task_struct.pid", AT(pid) },
	{ WISH_OFF, "task_struct.tgid", AT(tgid) },
	{ WISH_OFF, "task_struct.mm", AT(mm) },
	{ WISH_OFF, "mm_struct.pgd", AT(pgd) },
};

const struct wish_set task_wishes = WISH_SET(wishes, struct task_facts);

static bool is_known(const struct task_facts *f, struct err *e)
{
	if (!has(f->comm) || !has(f->pid) || !has(f->tgid) || !has(f->mm) || !has(f->pgd) ||
	    f->n_comm != COMM_LEN)
		return fail(e, ENOENT, "this kernel does not tell what its tasks are");
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
	    !space_read_u64(s, at + f->mm, &t->mm, &ignored))
		return false;
	t->comm[COMM_LEN - 1] = '\0';
	return true;
}

/* ---- who paniced ------------------------------------------------------------ */

/* The pid in the note that the CPU left when it stopped; *pid is 0 for an idle CPU. */
static bool panic_pid(const struct chosen_want *want, uint32_t *pid, struct err *e)
{
	struct cpu_note note;
	struct cpus cpus;
	unsigned cpu;

	if (!cpus_open(&cpus, want->space, want->cpus, e) || !cpus_panic(&cpus, &cpu, e) ||
	    !cpu_note_read(&cpus, cpu, &note, e))
		return false;
	*pid = note.pid;
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
	struct task leader;	/* of the process that the walk is in */
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
static void consider(struct search *s, const struct task *t)
{
	const struct task *leader = &s->leader;

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

static bool consider_task(void *ctx, vaddr_t at, bool is_leader)
{
	struct search *s = ctx;
	struct task t;
	bool ok = read_task(s->c, at, &t);

	if (is_leader)
		s->leader = ok ? t : (struct task){ .mm = 0 };
	if (ok)
		consider(s, &t);
	return true;
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
	const struct page_tables tables = space_tables(c->space);

	(void)set;
	for (unsigned i = 0; i < c->n && !c->gave_up; i++)
		c->gave_up = !pagetable_each_leaf(&tables, c->pgd[i], &c->tables_left, add_leaf,
						  c);
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
	struct tasklist list = { want->space, want->list, want->bounds };
	struct err why = { .code = 0 }, broken;

	*c = (struct chosen){ .space = want->space, .tasks = want->tasks,
			      .page_shift = want->page_shift, .tables_left = MAX_TABLES,
			      .bounds = want->bounds };
	if (n > MAX_CHOICES)
		return fail(e, EINVAL, "%u choices of tasks are too many", n);
	if (!pfnset_init(&c->set, fill, c, c->bounds->mem_len, arena, e) ||
	    !is_known(c->tasks, e))
		return false;
	for (unsigned i = 0; i < n; i++) {
		s.choices[i] = choices[i];
		if (choices[i].panic && !panic_pid(want, &s.choices[i].pid, &why))
			s.outcome[i] = FOUND;	/* the reason is in why already */
	}
	if (!tasklist_each(&list, consider_task, &s, &broken) && !why.code)
		why = broken;
	for (unsigned i = 0; i < n && (!why.code || why.code == EFAULT); i++)
		if (s.outcome[i] != FOUND)
			tell(&s.choices[i], s.outcome[i], &why);
	if (!why.code)
		return true;
	*e = why;
	return false;
}
