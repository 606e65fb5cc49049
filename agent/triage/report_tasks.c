/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tasks: how many in which state; JSON has each of them. */
#include "report_parts.h"

#include <inttypes.h>

#include "base/err.h"
#include "report_details.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static bool add_task(void *ctx, vaddr_t task, bool is_leader)
{
	(void)is_leader;
	procs_add(ctx, task);
	return true;
}

static void read_tasks(struct triage *m)
{
	const struct tasklist list = { m->space, &m->facts.tasklist, m->want->bounds };
	struct report *r = m->r;
	struct err e;

	r->procs.space = m->space;
	r->procs.facts = &m->facts.procs;
	if (!procs_init(&r->procs, m->want->arena, &e)) {
		report_lacks(r, "tasks", "%s", e.text);
		return;
	}
	if (!tasklist_each(&list, add_task, &r->procs, &e))
		report_lacks(r, "tasks", "%s", e.text);
	else if (r->procs.cut)
		report_lacks(r, "tasks", "some of them cannot be read");
}

#define WORK_SHOWN 16u

/* Kernel workers all have the same names; what they are at tells them apart. */
static void put_work(struct report *r, struct text_page *p)
{
	char work[SYMBOL_TEXT];
	unsigned n = 0;

	for (unsigned i = 0; i < r->procs.n; i++) {
		const struct proc *proc = &r->procs.list[i];

		report_work(r, proc, work);
		if (work[0] && n++ < WORK_SHOWN)
			page_row(p, n == 1 ? "work" : "", "%s (pid %u, %c): %s", proc->comm,
				 proc->pid, proc->state, work);
	}
	if (n > WORK_SHOWN)
		page_row(p, "", "and %u more", n - WORK_SHOWN);
}

static void put_text(struct report *r, struct text_page *p)
{
	static const char states[] = "RSDITtZXP";

	if (!r->procs.n)
		return;
	page_section(p, "TASKS");
	page_item(p, "%" PRIu64 " in all", r->procs.n + r->procs.n_more);
	for (const char *s = states; *s; s++)
		if (r->procs.by_state[(unsigned char)*s])
			page_item(p, "%c %" PRIu64, *s, r->procs.by_state[(unsigned char)*s]);
	put_work(r, p);
}

/* A capture has 4 MiB of room for its JSON; those that are blocked are told elsewhere. */
#define JSON_TASKS_MAX 10000u

static void put_json(struct report *r, struct json *j)
{
	unsigned n_shown = r->procs.n < JSON_TASKS_MAX ? r->procs.n : JSON_TASKS_MAX;

	json_open(j, "tasks", '{');
	json_number(j, "n", r->procs.n + r->procs.n_more);
	json_number(j, "shown", n_shown);
	json_open(j, "by_state", '{');
	for (unsigned c = 'A'; c <= 'z'; c++) {
		char state[2] = { (char)c, '\0' };

		if (r->procs.by_state[c])
			json_number(j, state, r->procs.by_state[c]);
	}
	json_close(j);
	json_open(j, "list", '[');
	for (unsigned i = 0; i < n_shown; i++) {
		json_open(j, NULL, '{');
		json_proc(j, &r->procs.list[i]);
		json_work(j, r, &r->procs.list[i]);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

const struct report_part part_tasks = { "tasks", read_tasks, put_text, put_json };
