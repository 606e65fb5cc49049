/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom the log names first is chance: any task of a circle, any of those behind a holder. So a
 * circle is told from where it sorts first as a whole, and a chain is known by its end.
 */
#include "wait_chain.h"

#include <string.h>

#include "blocked.h"
#include "subject.h"
#include "triage.h"

#define CIRCLE_NAMED 8u

/* The innermost functions of its stack that are no helpers. */
static void read_member(struct report *r, vaddr_t task, struct wait_member *m)
{
	struct frame_name name;
	struct stack stack;
	struct symbol sym;

	m->n = 0;
	if (!unwind_asleep(&r->triage->unwinder, task, &stack))
		return;
	for (unsigned i = 0; i < stack.n && m->n < WAIT_NAMES; i++) {
		if (!frame_symbol(&r->symbols, &stack.frames[i], &sym))
			continue;
		frame_name_set(&name, sym.name, sym.module[0] ? sym.module : NULL);
		if (frame_role(&name) == FRAME_ENTRY)
			return;
		if (frame_role(&name) == FRAME_PLAIN)
			m->names[m->n++] = name;
	}
}

/* < 0, 0, > 0, as strcmp(3). */
static int order_of(const struct wait_member *a, const struct wait_member *b)
{
	for (unsigned i = 0; i < a->n && i < b->n; i++) {
		int order = strcmp(a->names[i].text, b->names[i].text);

		if (order)
			return order;
	}
	return (int)a->n - (int)b->n;
}

unsigned wait_circle_first(const struct wait_member *members, unsigned n)
{
	unsigned first = 0;

	for (unsigned from = 1; from < n; from++)
		for (unsigned i = 0; i < n; i++) {
			int order = order_of(&members[(from + i) % n],
					     &members[(first + i) % n]);

			if (order < 0)
				first = from;
			if (order)
				break;
		}
	return first;
}

static unsigned circle_frames(struct report *r, const struct blocked_task *first,
			      struct frame_name *names, unsigned max)
{
	struct wait_member members[CIRCLE_NAMED];
	const struct blocked_task *b = first;
	unsigned n = 0, from, n_names = 0;

	do {
		/* Of part of it, which part would be chance. */
		if (n == CIRCLE_NAMED)
			return 0;
		read_member(r, b->proc.at, &members[n++]);
		b = blocked_owner(r, b);
	} while (b && b != first);
	from = wait_circle_first(members, n);
	for (unsigned i = 0; i < n; i++) {
		const struct wait_member *m = &members[(from + i) % n];

		for (unsigned k = 0; k < m->n && n_names < max; k++)
			names[n_names++] = m->names[k];
	}
	return n_names;
}

static unsigned stack_frames(struct report *r, vaddr_t task, struct frame_name *names,
			     unsigned max)
{
	struct stack stack;
	struct symbol sym;
	unsigned n = 0;

	if (!unwind_asleep(&r->triage->unwinder, task, &stack))
		return 0;
	for (unsigned i = 0; i < stack.n && n < max; i++)
		if (stack.frames[i].how != FRAME_GUESS &&
		    frame_symbol(&r->symbols, &stack.frames[i], &sym))
			frame_name_set(&names[n++], sym.name,
				       sym.module[0] ? sym.module : NULL);
	return n;
}

/* The circle that its chain leads into; NULL: it leads into none. */
static const struct blocked_task *into_circle(const struct report *r,
					      const struct blocked_task *b)
{
	for (unsigned i = 0; b && !b->circle && i < CIRCLE_NAMED; i++)
		b = blocked_owner(r, b);
	return b && b->circle ? b : NULL;
}

static bool runs(const struct report *r, vaddr_t task)
{
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].task.at == task)
			return true;
	return false;
}

unsigned wait_chain_frames(struct report *r, struct frame_name *names, unsigned max,
			   enum signature_stack *whose)
{
	const struct blocked_task *b = NULL, *circle;
	unsigned n;

	*whose = STACK_SUBJECT;
	if (r->log.death.kind == KIND_HUNG_TASK && r->subject.at)
		b = blocked_by_address(r, r->subject.at);
	if (!b)
		return 0;
	circle = into_circle(r, b);
	if (circle) {
		n = circle_frames(r, circle, names, max);
		*whose = n ? STACK_CIRCLE : STACK_SUBJECT;
		return n;
	}
	/* Where one that runs is, is chance too. */
	if (!b->end || runs(r, b->end))
		return 0;
	n = stack_frames(r, b->end, names, max);
	*whose = n ? STACK_HOLDER : STACK_SUBJECT;
	return n;
}
