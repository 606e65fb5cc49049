/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stack of a task or a CPU of the crashed kernel, frame by frame: each is proven by the
 * kernel's own unwind tables or frame records, or marked as what it is.
 */
#ifndef TRIAGE_UNWIND_H
#define TRIAGE_UNWIND_H

#include "kernel/cpunotes.h"
#include "orc.h"
#include "symbols.h"
#include "vmcore/bounds.h"

#define STACK_FRAMES 96
#define UNWIND_REGS CPU_REGS_MAX
#define UNWIND_STEPS 200000u	/* of all stacks of a report, or of one that is asked for */

enum frame_how {
	FRAME_EXACT,	/* a return address that the tables lead to */
	FRAME_REGS,	/* the instruction where an exception or interrupt broke in */
	FRAME_RESYNC,	/* the first that fits behind code without tables */
	FRAME_GUESS,	/* a return address in the stack's words, no more */
};

struct frame {
	vaddr_t ip;
	vaddr_t sp;		/* behind its return address */
	enum frame_how how;
	vaddr_t regs;		/* FRAME_REGS: where struct pt_regs lies, 0 not known */
};

enum stack_end {
	STACK_END_USER,		/* a system call, or an interrupt of user mode */
	STACK_END_BOTTOM,	/* a kernel thread's first function */
	STACK_END_BROKEN,	/* no further, for what it says in `why` */
	STACK_END_FULL,		/* there are more frames */
};

struct stack {
	struct frame frames[STACK_FRAMES];
	unsigned n;
	enum stack_end end;
	vaddr_t user_regs;	/* struct pt_regs of user mode, 0 not known */
	const char *why;	/* BROKEN: a sentence */
};

/* Where to begin. */
struct unwind_start {
	vaddr_t ip, sp, fp;		/* fp: x86's RBP, arm64's x29 */
	bool is_exact;			/* ip is an instruction: registers of an exception */
	uint64_t regs[UNWIND_REGS];	/* all of them as in struct pt_regs, if is_exact */
};

/* struct pt_regs and a sleeping task's stack, as BTF tells. */
struct unwind_facts {
	struct field thread_sp;			/* task_struct: thread.sp (x86) */
	struct field inactive_bp, inactive_ret;	/* struct inactive_task_frame */
	int64_t inactive_len;
	struct field thread_fp, thread_sp64, thread_pc;	/* thread.cpu_context.* (arm64) */
	struct field regs_stackframe;		/* struct pt_regs (arm64) */
};

extern const struct wish_set unwind_wishes;

struct unwinder {
	struct space *space;
	struct symbols *symbols;
	struct orc *orc;
	const struct unwind_facts *facts;
	const struct unwind_cpu *cpu;		/* how this kind of CPU does it */
	unsigned steps_left;			/* of all stacks, against endless work */
	const struct bounds *bounds;		/* until when */
};

/* What differs between CPUs: a row, see unwind_cpus. */
struct unwind_cpu {
	uint16_t e_machine;
	bool (*is_ready)(struct unwinder *u, struct err *e);	/* its tables are there */
	bool (*asleep)(struct unwinder *u, vaddr_t task, struct unwind_start *start);
	void (*from_regs)(const uint64_t *regs, struct unwind_start *start);
	void (*unwind)(struct unwinder *u, const struct unwind_start *start, struct stack *out);
};

extern const struct unwind_cpu unwind_x86_64;
extern const struct unwind_cpu unwind_arm64;

/* NULL: stacks of this machine are not understood. */
const struct unwind_cpu *unwind_cpu_of(uint16_t e_machine);

/* A task that runs on no CPU. False: its stack pointer is not to be had. */
bool unwind_asleep(struct unwinder *u, vaddr_t task, struct stack *out);

/* From a register block in the order of struct pt_regs, as notes have it too. */
void unwind_regs(struct unwinder *u, const uint64_t *regs, struct stack *out);

/* One step more, of all stacks together? Not once they are used up, or the time is over. */
bool unwind_goes_on(struct unwinder *u);

/* Adds a frame; false: the stack is full. */
bool stack_add(struct stack *out, struct frame frame);
void stack_broken(struct stack *out, const char *why);

#endif
