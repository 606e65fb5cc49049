/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that are blocked: for what, in which circles. */
#include "report_parts.h"

#include "base/err.h"
#include "blocked.h"
#include "report_details.h"
#include "report_stack.h"
#include "report_words.h"
#include "triage.h"

#define BLOCKED_SHOWN 20u

static void read_blocked(struct triage *m)
{
	struct err e;

	if (!blocked_read(m, m->want->arena, m->want->bounds, &e))
		report_lacks(m->r, "blocked", "%s", e.text);
}

static void put_circles(struct report *r, struct text_page *p)
{
	for (unsigned c = 1; c <= r->n_circles; c++) {
		page_end_line(p);
		for (unsigned i = 0, n = 0; i < r->n_waiters; i++)
			if (r->waiters[i].circle == c)
				page_row(p, n++ ? "" : "circle", "%s (pid %u)",
					 r->waiters[i].proc.comm, r->waiters[i].proc.pid);
	}
	page_end_line(p);
}

static void put_text(struct report *r, struct text_page *p)
{
	char text[WAIT_TEXT], work[SYMBOL_TEXT];

	if (!r->n_blocked)
		return;
	page_section(p, "BLOCKED  (%u tasks in D, the longest first; equal stacks once)",
		     r->n_blocked_tasks);
	for (unsigned i = 0; i < r->n_blocked && i < BLOCKED_SHOWN; i++) {
		struct blocked_group *g = &r->blocked[i];

		if (g->seconds >= 0)
			page_row(p, "task", "pid %u %s, for %.0f s%s", g->first.pid,
				 g->first.comm, g->seconds, g->n > 1 ? ", and more:" : "");
		else
			page_row(p, "task", "pid %u %s%s", g->first.pid, g->first.comm,
				 g->n > 1 ? ", and more:" : "");
		if (g->n > 1)
			page_item(p, "%u in all", g->n);
		report_work(r, &g->first, work);
		page_row(p, "work", "%s", work);
		wait_text(r, &g->wait, text);
		page_row(p, "waits for", "%s", text);
		page_end_line(p);
		stack_lines(r, &g->stack, p);
	}
	if (r->n_blocked > BLOCKED_SHOWN)
		page_row(p, "", "and %u more stacks", r->n_blocked - BLOCKED_SHOWN);
	put_circles(r, p);
}

static void put_wait(struct report *r, const struct wait *wait, struct json *j)
{
	static const char *const owned[] = { "unknown", "nobody", "maybe", "sure" };
	const struct proc *owner = procs_by_address(&r->procs, wait->owner);
	char text[OBJECT_TEXT];

	if (wait->kind == WAIT_UNKNOWN) {
		json_null(j, "waits_for");
		return;
	}
	wait_object_text(r, wait, text);
	json_open(j, "waits_for", '{');
	json_string(j, "what", wait_kind_name(wait->kind));
	json_hex(j, "lock", wait->lock);
	json_string(j, "name", text);
	json_string(j, "owned", owned[wait->owned]);
	json_number_or_null(j, "owner", owner ? (int)owner->pid : -1);
	json_text_or_null(j, "owner_comm", owner ? owner->comm : "");
	json_close(j);
}

static void put_cycles(const struct report *r, struct json *j)
{
	json_open(j, "cycles", '[');
	for (unsigned c = 1; c <= r->n_circles; c++) {
		json_open(j, NULL, '[');
		for (unsigned i = 0; i < r->n_waiters; i++)
			if (r->waiters[i].circle == c)
				json_number(j, NULL, r->waiters[i].proc.pid);
		json_close(j);
	}
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "blocked", '{');
	json_number(j, "n", r->n_blocked_tasks);
	json_open(j, "groups", '[');
	for (unsigned i = 0; i < r->n_blocked; i++) {
		json_open(j, NULL, '{');
		json_number(j, "n", r->blocked[i].n);
		json_number(j, "pid", r->blocked[i].first.pid);
		json_open(j, "pids", '[');
		for (unsigned k = 0; k < r->blocked[i].n && k < REPORT_GROUP_PIDS; k++)
			json_number(j, NULL, r->blocked[i].pids[k]);
		json_close(j);
		json_string(j, "comm", r->blocked[i].first.comm);
		json_work(j, r, &r->blocked[i].first);
		json_real_or_null(j, "seconds", r->blocked[i].seconds);
		put_wait(r, &r->blocked[i].wait, j);
		json_stack(j, r, &r->blocked[i].stack);
		json_close(j);
	}
	json_close(j);
	put_cycles(r, j);
	json_close(j);
}

const struct report_part part_blocked = { "blocked", read_blocked, put_text, put_json };
