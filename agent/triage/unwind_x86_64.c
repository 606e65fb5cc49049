/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86_64 by ORC (the rules of Linux arch/x86/kernel/unwind_orc.c). Two things the kernel does
 * not need: where the first function has no entry, as __crash_kexec, the first return address
 * counts from which all the rest fits; and an instruction pointer that is no code was called.
 * What ftrace copies of its own code has the entries of what was copied.
 */
#include <elf.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "unwind.h"

/* struct pt_regs, in words; the iret frame is its end. */
enum reg { R15, R14, R13, R12, RBP, RBX, R11, R10, R9, R8, RAX, RCX, RDX, RSI, RDI, ORIG_RAX,
	   RIP, CS, RFLAGS, RSP, SS, N_REGS };

#define IRET_WORDS 5
#define RESYNC_WORDS 2048u

struct state {
	struct unwinder *u;
	vaddr_t ip, sp, bp;
	bool is_exact;			/* ip is that of an instruction */
	bool has_regs;			/* regs are those of the frame it is in */
	uint64_t regs[N_REGS];
	vaddr_t regs_at;	/* 0: they came with the start, or are not all there */
};

enum step { STEP_ON, STEP_USER, STEP_BOTTOM, STEP_NO_ENTRY, STEP_BROKEN, STEP_NO_MORE };

static bool is_user(uint64_t cs)
{
	return cs & 3;
}

static bool read_word(struct unwinder *u, vaddr_t at, uint64_t *ret)
{
	struct err ignored;

	return !(at & 7) && space_read_u64(u->space, at, ret, &ignored);
}

/* ---- one step ------------------------------------------------------------------- */

static bool reg_value(const struct state *s, enum reg r, uint64_t *ret)
{
	*ret = s->regs[r];
	return s->has_regs;
}

/* Where the caller's frame begins: just behind the return address. */
static bool previous_sp(const struct state *s, const struct orc_entry *entry, vaddr_t *sp)
{
	switch (entry->sp_base) {
	case ORC_SP:
		*sp = s->sp + entry->sp_off;
		return true;
	case ORC_BP:
		*sp = s->bp + entry->sp_off;
		return true;
	case ORC_SP_INDIRECT:
		if (!read_word(s->u, s->sp, sp))
			return false;
		*sp += entry->sp_off;
		return true;
	case ORC_BP_INDIRECT:
		return read_word(s->u, s->bp + entry->sp_off, sp);
	case ORC_AX:
		return reg_value(s, RAX, sp);
	case ORC_DX:
		return reg_value(s, RDX, sp);
	case ORC_DI:
		return reg_value(s, RDI, sp);
	case ORC_R10:
		return reg_value(s, R10, sp);
	case ORC_R13:
		return reg_value(s, R13, sp);
	default:
		return false;
	}
}

static bool previous_bp(struct state *s, const struct orc_entry *entry, vaddr_t sp)
{
	switch (entry->bp_base) {
	case ORC_PREV_SP:
		return read_word(s->u, sp + entry->bp_off, &s->bp);
	case ORC_BP:
		return read_word(s->u, s->bp + entry->bp_off, &s->bp);
	default:
		if (s->has_regs)
			s->bp = s->regs[RBP];
		return true;
	}
}

static enum step to_caller(struct state *s, const struct orc_entry *entry, vaddr_t sp)
{
	uint64_t ip;

	if (!read_word(s->u, sp - 8, &ip) || !previous_bp(s, entry, sp))
		return STEP_BROKEN;
	s->ip = ip;
	s->sp = sp;
	s->has_regs = false;
	s->is_exact = entry->is_exact;
	s->regs_at = 0;
	return STEP_ON;
}

/* sp is where struct pt_regs lies, or its iret frame alone. */
static enum step to_interrupted(struct state *s, const struct orc_entry *entry, vaddr_t sp)
{
	bool partial = entry->type == ORC_REGS_PARTIAL;
	size_t first = partial ? N_REGS - IRET_WORDS : 0;
	struct err ignored;
	uint64_t regs[N_REGS] = { 0 };

	if (!space_read(s->u->space, sp, regs + first, sizeof(regs) - first * 8, &ignored))
		return STEP_BROKEN;
	s->regs_at = partial ? 0 : sp;
	if (is_user(regs[CS]))
		return STEP_USER;
	if (partial && !previous_bp(s, entry, sp))
		return STEP_BROKEN;
	s->ip = regs[RIP];
	s->sp = regs[RSP];
	s->has_regs = !partial;
	s->is_exact = true;
	if (!partial) {
		s->bp = regs[RBP];
		memcpy(s->regs, regs, sizeof(regs));
	}
	return STEP_ON;
}

/* Code without tables that keeps frame pointers: BPF programs, and what calls them. */
static const struct orc_entry by_frame_pointer = {
	.type = ORC_CALL, .sp_base = ORC_BP, .sp_off = 16,
	.bp_base = ORC_PREV_SP, .bp_off = -16,
};

/* A call of what is no code: nothing was pushed but the return address. */
static const struct orc_entry just_called = {
	.type = ORC_CALL, .sp_base = ORC_SP, .sp_off = 8, .bp_base = ORC_NONE,
};

static enum step find_entry(struct state *s, struct orc_entry *entry)
{
	vaddr_t ip = s->is_exact ? s->ip : s->ip - 1, copied = 0;

	if (!symbols_is_text(s->u->symbols, ip)) {
		*entry = just_called;
		return s->is_exact ? STEP_ON : STEP_BROKEN;
	}
	if (!kallsyms_is_text(s->u->symbols->kallsyms, ip))
		copied = trampoline_original(s->u->space, s->u->symbols->trampolines, ip);
	if (orc_find(s->u->orc, copied ? copied : ip, entry) && entry->type != ORC_UNDEFINED)
		return entry->type == ORC_END ? STEP_BOTTOM : STEP_ON;
	*entry = by_frame_pointer;
	return STEP_NO_ENTRY;
}

static bool is_bpf(struct state *s, vaddr_t ip)
{
	struct symbol sym;

	return !kallsyms_is_text(s->u->symbols->kallsyms, ip) &&
	       symbol_at(s->u->symbols, ip, &sym) && !strcmp(sym.module, "bpf");
}

static enum step step(struct state *s)
{
	vaddr_t sp, before = s->sp;
	struct orc_entry entry;
	enum step found = find_entry(s, &entry), done;

	if (found == STEP_NO_ENTRY && is_bpf(s, s->ip - 1))
		found = STEP_ON;
	if (found != STEP_ON)
		return found;
	if (!previous_sp(s, &entry, &sp))
		return STEP_BROKEN;
	done = entry.type == ORC_CALL ? to_caller(s, &entry, sp)
				      : to_interrupted(s, &entry, sp);
	/* The same place once more would go on for ever; another stack may lie below. */
	if (done == STEP_ON && s->sp == before)
		return STEP_BROKEN;
	return done;
}

/* ---- all of it --------------------------------------------------------------------- */

static struct frame frame_of(const struct state *s)
{
	return (struct frame){ .ip = s->ip, .sp = s->sp, .regs = s->regs_at,
			       .how = s->is_exact ? FRAME_REGS : FRAME_EXACT };
}

/* From where s stands, s's own frame included. */
static enum step walk(struct state *s, struct stack *out)
{
	for (;;) {
		enum step done;

		if (!unwind_goes_on(s->u))
			return STEP_NO_MORE;
		if (!stack_add(out, frame_of(s)))
			return STEP_ON;
		done = step(s);
		if (done != STEP_ON)
			return done;
	}
}

static void end_with(struct stack *out, enum step done, const struct state *s)
{
	switch (done) {
	case STEP_ON:
		break;		/* full: the stack says so itself */
	case STEP_USER:
		out->end = STACK_END_USER;
		out->user_regs = s->regs_at;
		break;
	case STEP_BOTTOM:
		out->end = STACK_END_BOTTOM;
		break;
	case STEP_NO_ENTRY:
		stack_broken(out, "code without unwind tables");
		break;
	case STEP_BROKEN:
		stack_broken(out, "what follows is no stack of the kernel");
		break;
	case STEP_NO_MORE:
		stack_broken(out, "there was no time for more");
		break;
	}
}

/* Did a CALL stand before this address? Direct, or through a register or memory. */
static bool follows_call(struct unwinder *u, vaddr_t ip)
{
	uint8_t code[8];
	struct err ignored;

	if (!space_read(u->space, ip - sizeof(code), code, sizeof(code), &ignored))
		return false;
	if (code[3] == 0xe8)
		return true;
	/* FF /2, with two to seven bytes. */
	for (unsigned len = 2; len <= 7; len++)
		if (code[8 - len] == 0xff && (code[9 - len] >> 3 & 7) == 2)
			return true;
	return false;
}

/*
 * The first word from which the whole of the rest fits, to a proper end. A word is a step, for
 * what it costs to know that it is no code is not less.
 */
static bool resync(struct state *from, struct stack *out)
{
	unsigned first = out->n;

	for (unsigned i = 0; i < RESYNC_WORDS && unwind_goes_on(from->u); i++) {
		struct state s = *from;
		enum step done;

		s.sp = from->sp + 8 * (i + 1);
		s.is_exact = s.has_regs = false;
		s.regs_at = 0;
		if (!read_word(s.u, s.sp - 8, &s.ip))
			return false;
		if (!symbols_is_text(s.u->symbols, s.ip) || !follows_call(s.u, s.ip))
			continue;
		done = walk(&s, out);
		if (done == STEP_USER || done == STEP_BOTTOM) {
			out->frames[first].how = FRAME_RESYNC;
			end_with(out, done, &s);
			return true;
		}
		out->n = first;
	}
	return false;
}

static void unwind(struct unwinder *u, const struct unwind_start *start, struct stack *out)
{
	struct state s = { .u = u, .ip = start->ip, .sp = start->sp, .bp = start->fp,
			   .is_exact = start->is_exact, .has_regs = start->is_exact };
	enum step done;

	memcpy(s.regs, start->regs, sizeof(s.regs));
	if (start->is_exact && is_user(s.regs[CS])) {
		out->end = STACK_END_USER;
		return;
	}
	done = walk(&s, out);
	if (done == STEP_NO_ENTRY && out->n == 1 && resync(&s, out))
		return;
	end_with(out, done == STEP_NO_ENTRY && !u->steps_left ? STEP_NO_MORE : done, &s);
}

/* ---- where to begin ------------------------------------------------------------------ */

static bool is_ready(struct unwinder *u, struct err *e)
{
	return orc_open(u->orc, e);
}

static bool asleep(struct unwinder *u, vaddr_t task, struct unwind_start *start)
{
	const struct unwind_facts *f = u->facts;
	uint64_t at;

	if (!field_read(u->space, task, f->thread_sp, &at) || !has(f->inactive_len) ||
	    !field_read(u->space, at, f->inactive_bp, &start->fp) ||
	    !field_read(u->space, at, f->inactive_ret, &start->ip))
		return false;
	start->sp = at + f->inactive_len;
	return true;
}

static void from_regs(const uint64_t *regs, struct unwind_start *start)
{
	memcpy(start->regs, regs, N_REGS * sizeof(regs[0]));
	start->ip = regs[RIP];
	start->sp = regs[RSP];
	start->fp = regs[RBP];
}

const struct unwind_cpu unwind_x86_64 = {
	.e_machine = EM_X86_64, .is_ready = is_ready, .asleep = asleep, .from_regs = from_regs,
	.unwind = unwind,
};
