/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * init_task.tasks links the processes, signal->thread_head the threads of each
 * (Linux include/linux/sched/signal.h). What a task maps is in the page table at mm->pgd.
 */
#include "tasks.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "anatomy.h"
#include "base/bytes.h"
#include "base/err.h"
#include "pagetable.h"
#include "space.h"

#define MAX_TASKS (1u << 22)	/* PID_MAX_LIMIT */
#define NOTE_PID_OFF (12 + 8 + 32)	/* header, "CORE", then elf_prstatus.pr_pid */

struct task {
	char comm[COMM_LEN];
	uint32_t pid, tgid;
	vaddr_t mm, signal;
};

static bool is_known(const struct anatomy *a, struct err *e)
{
	if (!has(a->init_task) || !has(a->task_tasks) || !has(a->task_comm) ||
	    !has(a->task_pid) || !has(a->task_tgid) || !has(a->task_mm) ||
	    !has(a->task_signal) || !has(a->task_thread_node) ||
	    !has(a->signal_thread_head) || !has(a->mm_pgd) || a->n_task_comm != COMM_LEN)
		return fail(e, ENOENT, "this kernel does not tell where its tasks are");
	return true;
}

static bool read_u32(struct space *space, vaddr_t vaddr, uint32_t *ret, struct err *e)
{
	uint8_t raw[4];

	if (!space_read(space, vaddr, raw, sizeof(raw), e))
		return false;
	*ret = get_u32(raw);
	return true;
}

static bool read_task(const struct chosen *c, vaddr_t at, struct task *t)
{
	const struct anatomy *a = c->a;
	struct space *s = c->space;
	struct err ignored;

	if (!space_read(s, at + a->task_comm, t->comm, COMM_LEN, &ignored) ||
	    !read_u32(s, at + a->task_pid, &t->pid, &ignored) ||
	    !read_u32(s, at + a->task_tgid, &t->tgid, &ignored) ||
	    !space_read_u64(s, at + a->task_mm, &t->mm, &ignored) ||
	    !space_read_u64(s, at + a->task_signal, &t->signal, &ignored))
		return false;
	t->comm[COMM_LEN - 1] = '\0';
	return true;
}

/* ---- who paniced ------------------------------------------------------------ */

/* The pid in the note that the CPU left when it stopped; *pid is 0 for an idle CPU. */
static bool panic_pid(struct chosen *c, uint32_t *pid, struct err *e)
{
	const struct anatomy *a = c->a;
	uint8_t note[NOTE_PID_OFF + 4];
	uint64_t notes, offset;
	uint32_t cpu, n_cpus;

	if (!has(a->panic_cpu) || !has(a->crash_notes) || !has(a->per_cpu_offset) ||
	    !has(a->nr_cpu_ids))
		return fail(e, ENOENT, "this kernel does not tell which CPU paniced");
	if (!read_u32(c->space, a->panic_cpu, &cpu, e) ||
	    !read_u32(c->space, a->nr_cpu_ids, &n_cpus, e))
		return within(e, "panic_cpu");
	if (cpu >= n_cpus)
		return fail(e, ENOENT, "no CPU paniced (panic_cpu is %d)", (int)cpu);
	if (!space_read_u64(c->space, a->crash_notes, &notes, e) ||
	    !space_read_u64(c->space, a->per_cpu_offset + cpu * 8ULL, &offset, e) ||
	    !space_read(c->space, notes + offset, note, sizeof(note), e))
		return within(e, "note of CPU %u", cpu);
	if (get_u32(note) != 5 || memcmp(note + 12, "CORE", 5))
		return fail(e, ENOENT, "CPU %u, which paniced, left no note", cpu);
	*pid = get_u32(note + NOTE_PID_OFF);
	return true;
}

/* ---- who is chosen ---------------------------------------------------------- */

static void add_mm(struct chosen *c, vaddr_t mm)
{
	struct err ignored;
	uint64_t pgd;
	paddr_t paddr;

	if (!mm || c->n == MAX_CHOSEN ||
	    !space_read_u64(c->space, mm + c->a->mm_pgd, &pgd, &ignored) ||
	    !space_translate(c->space, pgd, &paddr, NULL, &ignored))
		return;
	for (unsigned i = 0; i < c->n; i++)
		if (c->pgd[i] == paddr)
			return;
	c->pgd[c->n++] = paddr;
}

/* choices[i].panic has become a pid by now. */
static void consider(struct chosen *c, const struct task *t,
		     const struct task_choice *choices, unsigned n, bool *found)
{
	for (unsigned i = 0; i < n; i++) {
		if (choices[i].comm[0] ? strcmp(choices[i].comm, t->comm)
				       : !choices[i].pid || choices[i].pid != t->pid)
			continue;
		found[i] = true;
		c->n_tasks++;
		add_mm(c, t->mm);
	}
}

/* The next entry of a list; false at its end, and when it leads nowhere. */
static bool next_entry(struct chosen *c, vaddr_t *at, vaddr_t head, uint64_t *budget)
{
	struct err ignored;

	if (!*budget || !space_read_u64(c->space, *at, at, &ignored) || *at == head)
		return false;
	--*budget;
	*c->alive += 1;
	return true;
}

static void walk_threads(struct chosen *c, const struct task *leader,
			 const struct task_choice *choices, unsigned n, bool *found,
			 uint64_t *budget)
{
	vaddr_t head = leader->signal + c->a->signal_thread_head, at = head;
	struct task t;

	while (leader->signal && next_entry(c, &at, head, budget))
		if (read_task(c, at - c->a->task_thread_node, &t) && t.pid != leader->pid)
			consider(c, &t, choices, n, found);
}

static void walk_tasks(struct chosen *c, const struct task_choice *choices, unsigned n,
		       bool *found)
{
	vaddr_t head = c->a->init_task + c->a->task_tasks, at = head;
	uint64_t budget = MAX_TASKS;
	struct task t;

	while (next_entry(c, &at, head, &budget)) {
		if (!read_task(c, at - c->a->task_tasks, &t))
			continue;
		consider(c, &t, choices, n, found);
		walk_threads(c, &t, choices, n, found, &budget);
	}
}

static bool add_leaf(void *ctx, const struct leaf *leaf)
{
	struct chosen *c = ctx;

	*c->alive += 1;
	pfnset_add(&c->set, leaf->paddr >> c->page_shift, leaf->len >> c->page_shift);
	return true;
}

static void fill(void *ctx, struct pfnset *set)
{
	struct chosen *c = ctx;

	(void)set;
	for (unsigned i = 0; i < c->n; i++)
		pagetable_each_leaf(c->space->pm, c->space->k, c->space->arch, c->pgd[i],
				    add_leaf, c);
}

static bool not_found(const struct task_choice *choice, struct err *e)
{
	if (choice->comm[0])
		return fail(e, ENOENT, "no task is called '%s'", choice->comm);
	if (choice->pid)
		return fail(e, ENOENT, "there is no task %u", choice->pid);
	return fail(e, ENOENT, "the CPU that paniced was idle");
}

bool chosen_init(struct chosen *c, struct space *space, const struct anatomy *a,
		 unsigned page_shift, const struct task_choice *choices, unsigned n,
		 uint64_t *alive, struct arena *arena, struct err *e)
{
	struct task_choice now[MAX_CHOSEN];
	bool found[MAX_CHOSEN] = { false };
	struct err why = { .code = 0 };

	*c = (struct chosen){ .space = space, .a = a, .page_shift = page_shift,
			      .alive = alive };
	if (n > MAX_CHOSEN)
		return fail(e, EINVAL, "%u choices of tasks are too many", n);
	if (!pfnset_init(&c->set, fill, c, arena, e) || !is_known(a, e))
		return false;
	for (unsigned i = 0; i < n; i++) {
		now[i] = choices[i];
		if (now[i].panic && !panic_pid(c, &now[i].pid, &why))
			found[i] = true;	/* the reason is in why already */
	}
	walk_tasks(c, now, n, found);
	for (unsigned i = 0; i < n && !why.code; i++)
		if (!found[i])
			not_found(&now[i], &why);
	if (!why.code)
		return true;
	*e = why;
	return false;
}
