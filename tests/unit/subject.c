/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/subject: where on a CPU's stack that begins which the crash is about, for a fault and
 * for a CPU that hangs.
 */
#include "triage/subject.h"

#include "crashed.h"
#include "t.h"

/* Return addresses in the functions of crashed.h. */
enum { FIRST = TEXT + 0x20, TICK = TEXT + 0x90, THIRD = TEXT + 0x110, SOFTIRQ = TEXT + 0x1d0 };

static const struct {
	const char *row;
	enum crash_kind kind;
	struct {
		unsigned at;
		enum frame_how how;
	} frames[8];
	unsigned n, first;
} rows[] = {
	{ "no exception: all of it", KIND_PANIC,
	  { { FIRST, FRAME_REGS }, { THIRD, FRAME_EXACT } }, 2, 0 },
	{ "a CPU that hangs, in its own timer interrupt", KIND_RCU_STALL,
	  { { FIRST, FRAME_REGS }, { TICK, FRAME_EXACT }, { THIRD, FRAME_REGS } }, 3, 2 },
	{ "stopped by another", KIND_SOFT_LOCKUP,
	  { { FIRST, FRAME_REGS }, { THIRD, FRAME_REGS }, { FIRST, FRAME_EXACT } }, 3, 1 },
	{ "stopped while it told of itself", KIND_RCU_STALL,
	  { { FIRST, FRAME_REGS }, { FIRST, FRAME_REGS }, { TICK, FRAME_EXACT },
	    { THIRD, FRAME_REGS }, { FIRST, FRAME_EXACT } }, 5, 3 },
	{ "hangs in an interrupt that is no timer's", KIND_SOFT_LOCKUP,
	  { { FIRST, FRAME_REGS }, { THIRD, FRAME_REGS }, { FIRST, FRAME_EXACT },
	    { FIRST, FRAME_REGS } }, 4, 1 },
	{ "nothing broke in", KIND_SOFT_LOCKUP,
	  { { FIRST, FRAME_REGS }, { THIRD, FRAME_EXACT } }, 2, 0 },
};

/* What the code of a stack ran in, whose second frame may be a softirq's. */
static void contexts(struct report *r)
{
	static const struct {
		unsigned second, first;
		bool is_kernel;
		vaddr_t task;
		const char *wanted;
	} stacks[] = {
		{ THIRD, 0, false, 8, "process" }, { THIRD, 0, true, 8, "kernel thread" },
		{ SOFTIRQ, 0, false, 8, "softirq" }, { SOFTIRQ, 0, false, 0, "softirq" },
		{ SOFTIRQ, 2, false, 8, "process" }, { THIRD, 0, false, 0, "" },
	};

	for (size_t i = 0; i < T_SIZE(stacks); i++) {
		r->subject = (struct proc){ .at = stacks[i].task,
					    .is_kernel = stacks[i].is_kernel };
		r->subject_first = stacks[i].first;
		r->subject_stack.n = 3;
		r->subject_stack.frames[0] = (struct frame){ .ip = AT_INPUT(FIRST) };
		r->subject_stack.frames[1] = (struct frame){ .ip = AT_INPUT(stacks[i].second) };
		r->subject_stack.frames[2] = (struct frame){ .ip = AT_INPUT(THIRD) };
		T_TEXT("context", stacks[i].wanted, subject_context(r));
	}
	r->subject_stack.n = 0;
	T_TEXT("no stack", "", subject_context(r));
}

int main(void)
{
	static const uint8_t nothing[INPUT_MAX];
	static struct cpu_state cpu;
	static struct crashed c;
	static struct report r;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		crashed_open(&c, nothing, sizeof(nothing), true);
		symbols_open(&c.symbols, &c.arena);
		memset(&r, 0, sizeof(r));
		memset(&cpu, 0, sizeof(cpu));
		r.symbols = c.symbols;
		r.cpus = &cpu;
		r.n_cpus = 1;
		r.log.death.kind = rows[i].kind;
		r.log.death.named_cpu = -1;
		cpu.mode = CPU_SILENT;
		cpu.stack.n = rows[i].n;
		for (unsigned k = 0; k < rows[i].n; k++)
			cpu.stack.frames[k] = (struct frame){
				.ip = AT_INPUT(rows[i].frames[k].at),
				.how = rows[i].frames[k].how };
		subject_find(&r, NULL);
		T_EQUAL(rows[i].row, rows[i].first, r.subject_first);
		contexts(&r);
		crashed_close(&c);
	}
	return t_done();
}
