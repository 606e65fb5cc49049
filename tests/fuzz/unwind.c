/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks, unwound as both kinds of CPU do it: the input is memory, see unit/crashed.h, with
 * registers, unwind tables and a stack in it. It ends within its steps and its time, each
 * frame that was searched for is code of the kernel, and a stack that is broken says why.
 */
#include "base/io.h"
#include "../unit/crashed.h"
#include "triage/unwind.h"

#define STEPS 2000u
#define BUDGET_S 0.5
#define LATE_S 2.0	/* of a busy machine, with the sanitizers */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct orc_facts orc_facts = {
	.ip_start = AT_INPUT(ORC_IP), .ip_stop = AT_INPUT(ORC_IP + 4 * ORC_LEN),
	.entries_start = AT_INPUT(ORC_ENTRIES),
	.entries_stop = AT_INPUT(ORC_ENTRIES + 6 * ORC_LEN),
};

/* A task that sleeps is its thread.sp or cpu_context, and nothing else. */
static const struct unwind_facts facts = {
	.thread_sp = FIELD(0, 8), .inactive_bp = FIELD(0, 8), .inactive_ret = FIELD(8, 8),
	.inactive_len = 16, .thread_fp = FIELD(0, 8), .thread_sp64 = FIELD(8, 8),
	.thread_pc = FIELD(16, 8), .regs_stackframe = FIELD(36 * 8, 24),
};

static void judge(struct unwinder *u, const struct stack *stack)
{
	if (stack->n > STACK_FRAMES || u->steps_left > STEPS ||
	    (stack->end == STACK_END_BROKEN && !stack->why[0]))
		abort();
	for (unsigned i = 1; i < stack->n; i++)
		if (stack->frames[i].how == FRAME_RESYNC &&
		    !symbols_is_text(u->symbols, stack->frames[i].ip))
			abort();
}

static void unwind_all(struct crashed *c, const struct unwind_cpu *cpu)
{
	struct orc orc = { .space = &c->flat.space, .facts = &orc_facts,
			   .modules = &c->symbols.modules };
	uint64_t regs[UNWIND_REGS], alive = 0;
	double begun = monotonic_seconds();
	const struct bounds bounds = { .until = begun + BUDGET_S, .alive = &alive };
	struct unwinder u = { .space = &c->flat.space, .symbols = &c->symbols, .orc = &orc,
			      .facts = &facts, .cpu = cpu, .steps_left = STEPS,
			      .bounds = &bounds };
	struct stack stack;
	struct err e;

	cpu->is_ready(&u, &e);
	memcpy(regs, c->bytes + INPUT + REGS, sizeof(regs));
	unwind_regs(&u, regs, &stack);
	judge(&u, &stack);
	if (unwind_asleep(&u, AT_INPUT(REGS), &stack))
		judge(&u, &stack);
	if (monotonic_seconds() - begun > BUDGET_S + LATE_S)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crashed c;

	crashed_open(&c, data, size, true);
	symbols_open(&c.symbols, &c.arena);
	unwind_all(&c, &unwind_x86_64);
	unwind_all(&c, &unwind_arm64);
	crashed_close(&c);
	return 0;
}
