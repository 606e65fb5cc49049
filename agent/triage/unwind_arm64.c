/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arm64 by frame records: x29 leads to a pair {caller's x29, return address}, and so on. An
 * exception's record lies inside of its struct pt_regs (Linux arch/arm64/kernel/entry.S), with
 * zeroes and a type since 6.13.
 */
#include <elf.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "unwind.h"

/* struct pt_regs, in words. */
enum { X29 = 29, X30, SP, PC, PSTATE, N_REGS };

#define RECORD_LEN 16u
#define META_FINAL 1
#define META_REGS 2
#define FROM_USER 0		/* PSTATE.M: EL0t */

struct record {
	uint64_t fp, lr;
};

static bool read_record(struct unwinder *u, vaddr_t at, struct record *r)
{
	struct err ignored;

	return at && !(at & 7) && space_read(u->space, at, r, sizeof(*r), &ignored);
}

/* Authentication codes stand in the upper bits, which are all ones in a kernel's address. */
static vaddr_t without_pac(const struct unwinder *u, uint64_t address)
{
	int64_t mask = u->space->k->pac_mask;

	return has(mask) && address >> 55 & 1 ? address | (uint64_t)mask : address;
}

/* Where the registers are whose frame record lies at fp; 0: it is an ordinary one. */
static vaddr_t regs_around(struct unwinder *u, vaddr_t fp, const struct record *r)
{
	vaddr_t at = fp - u->facts->regs_stackframe.off;
	uint64_t regs[N_REGS];
	struct err ignored;

	if (!has(u->facts->regs_stackframe.off) ||
	    !space_read(u->space, at, regs, sizeof(regs), &ignored))
		return 0;
	/* Up to 6.12 the record is a copy of the two; later it is empty and has a type. */
	if (r->fp || r->lr)
		return regs[PC] == r->lr && regs[X29] == r->fp ? at : 0;
	return at;
}

static void from_regs(const uint64_t *regs, struct unwind_start *start)
{
	memcpy(start->regs, regs, UNWIND_REGS * sizeof(regs[0]));
	start->ip = regs[PC];
	start->sp = regs[SP];
	start->fp = regs[X29];
}

/* Does the instruction in front of lr call here, or where a register says? */
static bool is_call(struct unwinder *u, vaddr_t lr, vaddr_t here)
{
	uint32_t insn;
	struct err ignored;

	if (!space_read_u32(u->space, lr - 4, &insn, &ignored))
		return false;
	if (insn >> 26 == 0x25)		/* BL, of a signed number of words */
		return lr - 4 + (int64_t)((uint64_t)insn << 38) / (1LL << 36) == here;
	return (insn & 0xfffffc1f) == 0xd63f0000 || (insn & 0xfefff800) == 0xd63f0800;
}

/*
 * Does the caller of what runs at ip, by x30, stand in no record? What runs there may have made
 * one: then x30 lies in itself, or in the function that the first return address lies in. What
 * is no code made none. *begin is ip at first, and then where what it lies in begins.
 */
static bool is_link_new(struct unwinder *u, vaddr_t *begin, vaddr_t lr, vaddr_t first_return)
{
	struct symbol here, link, caller;

	if (!symbols_is_text(u->symbols, *begin))
		return lr != first_return;
	if (!symbol_of_return(u->symbols, lr, &link) || !symbol_at(u->symbols, *begin, &here) ||
	    !symbol_of_return(u->symbols, first_return, &caller))
		return false;
	*begin = here.vaddr;
	return link.vaddr != here.vaddr && link.vaddr != caller.vaddr;
}

/*
 * A function that has not made its record yet, or makes none, was called from where x30 says:
 * it is no part of the chain. Proven where a call stands in front of it.
 */
static void add_link(struct unwinder *u, const struct unwind_start *start, struct stack *out)
{
	vaddr_t lr = without_pac(u, start->regs[X30]), begin = without_pac(u, start->ip);
	struct record r;

	if (symbols_is_text(u->symbols, lr - 1) && read_record(u, start->fp, &r) &&
	    is_link_new(u, &begin, lr, without_pac(u, r.lr)))
		stack_add(out, (struct frame){ .ip = lr, .sp = start->sp,
					       .how = is_call(u, lr, begin) ?
						      FRAME_EXACT : FRAME_GUESS });
}

/* The frame that an exception broke in on. */
static bool add_interrupted(struct unwinder *u, vaddr_t at, struct stack *out)
{
	struct unwind_start start = { .is_exact = true };
	uint64_t regs[N_REGS];
	struct err ignored;

	if (!space_read(u->space, at, regs, sizeof(regs), &ignored))
		return false;
	from_regs(regs, &start);
	if (!stack_add(out, (struct frame){ .ip = without_pac(u, start.ip), .sp = start.sp,
					    .how = FRAME_REGS, .regs = at }))
		return false;
	add_link(u, &start, out);
	return true;
}

/* What stands behind an empty record, where struct pt_regs has room for it. */
static uint64_t meta_type(struct unwinder *u, vaddr_t fp)
{
	uint64_t type = 0;
	struct err ignored;

	if (u->facts->regs_stackframe.size < 24 ||
	    !space_read_u64(u->space, fp + RECORD_LEN, &type, &ignored))
		return META_FINAL;
	return type;
}

/* An empty record: of an exception in the kernel (since 6.13), or the end. */
static bool at_empty(struct unwinder *u, vaddr_t *fp, struct stack *out)
{
	struct record empty = { 0, 0 };
	vaddr_t at = regs_around(u, *fp, &empty);
	uint64_t regs[N_REGS];
	struct err ignored;

	out->end = STACK_END_BOTTOM;
	if (!at || !space_read(u->space, at, regs, sizeof(regs), &ignored))
		return false;
	if (meta_type(u, *fp) == META_REGS) {
		*fp = regs[X29];
		return add_interrupted(u, at, out);
	}
	/* A kernel thread's registers are all zero there, a process's are not. */
	if ((regs[PSTATE] & 15) == FROM_USER && regs[PC] && !(regs[PC] >> 55 & 1)) {
		out->end = STACK_END_USER;
		out->user_regs = at;
	}
	return false;
}

/* The frame that the record at *fp leads to; false: there is none. */
static bool next_frame(struct unwinder *u, vaddr_t *fp, struct stack *out)
{
	struct frame frame = { .how = FRAME_EXACT };
	struct record r;

	if (!*fp) {
		out->end = STACK_END_BOTTOM;
		return false;
	}
	if (!read_record(u, *fp, &r)) {
		stack_broken(out, "a frame record is not to be read");
		return false;
	}
	if (!r.fp && !r.lr)
		return at_empty(u, fp, out);
	frame.ip = without_pac(u, r.lr);
	frame.sp = *fp + RECORD_LEN;
	frame.regs = regs_around(u, *fp, &r);
	if (frame.regs)
		frame.how = FRAME_REGS;
	if (!symbols_is_text(u->symbols, frame.how == FRAME_REGS ? frame.ip : frame.ip - 1)) {
		stack_broken(out, "a frame record leads out of the kernel's code");
		return false;
	}
	if (r.fp == *fp) {
		stack_broken(out, "a frame record leads to itself");
		return false;
	}
	*fp = r.fp;
	return frame.regs ? add_interrupted(u, frame.regs, out) : stack_add(out, frame);
}

static void unwind(struct unwinder *u, const struct unwind_start *start, struct stack *out)
{
	vaddr_t fp = start->fp;

	if (start->is_exact && (start->regs[PSTATE] & 15) == FROM_USER) {
		out->end = STACK_END_USER;
		return;
	}
	stack_add(out, (struct frame){ .ip = start->ip, .sp = start->sp,
				       .how = start->is_exact ? FRAME_REGS : FRAME_EXACT });
	if (start->is_exact)
		add_link(u, start, out);
	while (unwind_goes_on(u))
		if (!next_frame(u, &fp, out))
			return;
	stack_broken(out, "there was no time for more");
}

/* Frame records are in the stacks themselves. */
static bool is_ready(struct unwinder *u, struct err *e)
{
	(void)u;
	(void)e;
	return true;
}

static bool asleep(struct unwinder *u, vaddr_t task, struct unwind_start *start)
{
	const struct unwind_facts *f = u->facts;

	if (!field_read(u->space, task, f->thread_fp, &start->fp) ||
	    !field_read(u->space, task, f->thread_pc, &start->ip))
		return false;
	start->sp = field_value(u->space, task, f->thread_sp64);
	start->ip = without_pac(u, start->ip);
	return true;
}

const struct unwind_cpu unwind_arm64 = {
	.e_machine = EM_AARCH64, .is_ready = is_ready, .asleep = asleep, .from_regs = from_regs,
	.unwind = unwind,
};
