/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A waiter lies on the stack of the task that it names; what else is in its ring is what
   keeps the ring. */
#include "sleeper.h"

#include "base/bytes.h"
#include "base/err.h"
#include "glob.h"

#define RING_MAX 4096u
#define FRAMES_LOOKED_AT 8u
#define STACK_PAGES_MAX 64u
#define LOOKS_EVERY 64u		/* between two looks at the clock */
#define STACK_LEN 16384u	/* where its area does not tell */

#define AT(member) offsetof(struct sleeper_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("task_struct.stack", AT(stack)),
	WISH_FIELD("task_struct.stack_vm_area", AT(stack_area)),
	WISH_FIELD("vm_struct.nr_pages", AT(area_pages)),
};

const struct wish_set sleeper_wishes = WISH_SET(wishes, struct sleeper_facts);

uint64_t sleeper_stack_len(struct space *s, const struct sleeper_facts *f,
			   unsigned page_shift, vaddr_t task)
{
	vaddr_t area = field_value(s, task, f->stack_area);
	uint64_t n = area ? field_value(s, area, f->area_pages) : 0;

	return n && n <= STACK_PAGES_MAX ? n << page_shift : STACK_LEN;
}

static uint64_t stack_len(struct sleeper *s, vaddr_t task)
{
	return sleeper_stack_len(s->space, s->facts, s->page_shift, task);
}

bool sleeper_look(struct sleeper *s, const struct proc *proc, const struct stack *stack)
{
	vaddr_t bottom = field_value(s->space, proc->at, s->facts->stack);
	vaddr_t end = bottom + stack_len(s, proc->at);
	struct err ignored;
	uint64_t len;

	s->proc = proc;
	s->stack = stack;
	s->from = stack->frames[0].sp & ~7ULL;
	s->n = 0;
	if (!bottom || s->from < bottom || s->from >= end)
		return false;
	len = min_u64(end - s->from, SLEEPER_STACK);
	if (!space_read(s->space, s->from, s->words, len, &ignored))
		return false;
	s->n = len / 8;
	return true;
}

bool sleeper_is_in(struct sleeper *s, const char *const *names)
{
	struct symbol sym;

	for (unsigned i = 0; i < s->stack->n && i < FRAMES_LOOKED_AT; i++)
		if (symbol_of_return(s->symbols, s->stack->frames[i].ip, &sym) &&
		    !sym.module[0] && glob_any(names, sym.name))
			return true;
	return false;
}

bool ring_is_waiter(struct sleeper *s, const struct ring_member *m, vaddr_t node)
{
	vaddr_t task = field_value(s->space, node - m->list.off, m->task), stack;

	if (!task)
		return false;
	stack = field_value(s->space, task, s->facts->stack);
	return node >= stack && node - stack < stack_len(s, task);
}

bool sleeper_has_time(struct sleeper *s)
{
	if (!(s->n_asked++ % LOOKS_EVERY) && bounds_over(s->bounds))
		s->steps_left = 0;
	return s->steps_left;
}

bool ring_next(struct sleeper *s, vaddr_t node, vaddr_t *next)
{
	struct err ignored;
	uint64_t back;

	if (!sleeper_has_time(s))
		return false;
	s->steps_left--;
	return space_read_u64(s->space, node, next, &ignored) &&
	       space_read_u64(s->space, *next + 8, &back, &ignored) && back == node;
}

vaddr_t ring_head(struct sleeper *s, const struct ring_member *m, ring_is_member *is_member,
		  vaddr_t node)
{
	vaddr_t at = node, head = 0;

	for (unsigned i = 0; i < RING_MAX; i++) {
		if (!ring_next(s, at, &at))
			return 0;
		if (at == node)
			return head;
		if (is_member(s, m, at))
			continue;
		if (head)
			return 0;
		head = at;
	}
	return 0;
}

bool ring_all_sleep(struct sleeper *s, const struct ring_member *m, vaddr_t node)
{
	vaddr_t at = node;

	for (unsigned i = 0; i < RING_MAX; i++) {
		const struct proc *proc = procs_by_address(
			s->procs, field_value(s->space, at - m->list.off, m->task));

		if (ring_is_waiter(s, m, at) && (!proc || proc->state == 'R'))
			return false;
		if (!ring_next(s, at, &at))
			return false;
		if (at == node)
			return true;
	}
	return false;
}

bool ring_has(struct sleeper *s, vaddr_t node, vaddr_t wanted)
{
	vaddr_t at = node;

	for (unsigned i = 0; i < RING_MAX; i++) {
		if (at == wanted)
			return true;
		if (!ring_next(s, at, &at) || at == node)
			return false;
	}
	return false;
}
