/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks, whatever CPU they are of: the table of CPUs, and how frames are collected. */
#include "unwind.h"

#define STEPS_A_LOOK 16u	/* at the clock: one may search through many names */

#define AT(member) offsetof(struct unwind_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("task_struct.thread.sp", AT(thread_sp)),
	WISH_FIELD("task_struct.thread.cpu_context.fp", AT(thread_fp)),
	WISH_FIELD("task_struct.thread.cpu_context.sp", AT(thread_sp64)),
	WISH_FIELD("task_struct.thread.cpu_context.pc", AT(thread_pc)),
	WISH_FIELD("inactive_task_frame.bp", AT(inactive_bp)),
	WISH_FIELD("inactive_task_frame.ret_addr", AT(inactive_ret)),
	{ WISH_SIZE, "inactive_task_frame", AT(inactive_len) },
	WISH_FIELD("pt_regs.stackframe", AT(regs_stackframe)),
};

const struct wish_set unwind_wishes = WISH_SET(wishes, struct unwind_facts);

static const struct unwind_cpu *const cpus[] = { &unwind_x86_64, &unwind_arm64 };

const struct unwind_cpu *unwind_cpu_of(uint16_t e_machine)
{
	for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++)
		if (cpus[i]->e_machine == e_machine)
			return cpus[i];
	return NULL;
}

bool unwind_goes_on(struct unwinder *u)
{
	if (u->steps_left && !(u->steps_left % STEPS_A_LOOK) && bounds_over(u->bounds))
		u->steps_left = 0;
	if (!u->steps_left)
		return false;
	u->steps_left--;
	return true;
}

bool stack_add(struct stack *out, struct frame frame)
{
	if (out->n == STACK_FRAMES) {
		out->end = STACK_END_FULL;
		return false;
	}
	out->frames[out->n++] = frame;
	return true;
}

void stack_broken(struct stack *out, const char *why)
{
	out->end = STACK_END_BROKEN;
	out->why = why;
}

static void begin(struct stack *out)
{
	out->n = 0;
	out->end = STACK_END_BOTTOM;
	out->user_regs = 0;
	out->why = "";
}

bool unwind_asleep(struct unwinder *u, vaddr_t task, struct stack *out)
{
	struct unwind_start start = { .is_exact = false };

	begin(out);
	if (!u->cpu->asleep(u, task, &start))
		return false;
	u->cpu->unwind(u, &start, out);
	return true;
}

void unwind_regs(struct unwinder *u, const uint64_t *regs, struct stack *out)
{
	struct unwind_start start = { .is_exact = true };

	begin(out);
	u->cpu->from_regs(regs, &start);
	u->cpu->unwind(u, &start, out);
}
