/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/unwind_arm64: who called what made no frame record, by x30, and only who did. */
#include "crashed.h"
#include "t.h"
#include "triage/unwind.h"

enum { X29 = 29, X30, SP, PC, PSTATE };

#define RECORD 0xd00		/* the first; the next behind it is empty */
#define EL1H 5
#define FIRST (TEXT + 0x10)
#define SECOND (TEXT + 0x80)
#define THIRD (TEXT + 0x100)
#define BLR 0xd63f0260u		/* of x19 */
#define MOV 0xaa0003f3u
#define BL(from, to) (0x94000000u | ((((to) - (from)) >> 2) & 0x3ffffffu))

#define NONE 0xffffffffu

static const struct {
	const char *row;
	unsigned pc, x30, first_return;		/* in the input; pc 0: address 0 */
	uint32_t insn;				/* in front of x30 */
	unsigned second, third;			/* frames, NONE: that is the end */
	enum frame_how how;			/* of the second */
} rows[] = {
	{ "a call through NULL", 0, FIRST + 0x20, SECOND + 0x20, BLR,
	  FIRST + 0x20, SECOND + 0x20, FRAME_EXACT },
	{ "a call of what is no code", 0x700, FIRST + 0x20, SECOND + 0x20, BLR,
	  FIRST + 0x20, SECOND + 0x20, FRAME_EXACT },
	{ "the same by who calls himself", 0x700, FIRST + 0x20, FIRST + 0x40, BLR,
	  FIRST + 0x20, FIRST + 0x40, FRAME_EXACT },
	{ "a jump there, and a link of before", 0x700, FIRST + 0x20, SECOND + 0x20, MOV,
	  FIRST + 0x20, SECOND + 0x20, FRAME_GUESS },
	{ "a link that the record has too", 0x700, SECOND + 0x20, SECOND + 0x20, BLR,
	  SECOND + 0x20, NONE, FRAME_EXACT },
	{ "no code is linked to", 0, 0x700, SECOND + 0x20, BLR,
	  SECOND + 0x20, NONE, FRAME_EXACT },
	{ "a function without a record", THIRD + 8, FIRST + 0x20, SECOND + 0x20,
	  BL(FIRST + 0x1c, THIRD), FIRST + 0x20, SECOND + 0x20, FRAME_EXACT },
	{ "one that somebody else was called before", THIRD + 8, FIRST + 0x20, SECOND + 0x20,
	  BL(FIRST + 0x1c, SECOND), FIRST + 0x20, SECOND + 0x20, FRAME_GUESS },
	{ "a function that called already", FIRST + 0x30, FIRST + 0x20, SECOND + 0x20,
	  BL(FIRST + 0x1c, THIRD), SECOND + 0x20, NONE, FRAME_EXACT },
	{ "a function with a record", THIRD + 8, SECOND + 0x20, SECOND + 0x20,
	  BL(SECOND + 0x1c, THIRD), SECOND + 0x20, NONE, FRAME_EXACT },
};

static uint8_t input[INPUT_MAX];

static void make(size_t row)
{
	uint8_t *regs = input + REGS;
	unsigned pc = rows[row].pc;

	memset(input, 0, sizeof(input));
	put_u64(input + MODULES, AT_INPUT(MODULES));
	put_u64(input + BPF, AT_INPUT(BPF));
	put_u64(regs + 8 * X29, AT_INPUT(RECORD));
	put_u64(regs + 8 * X30, AT_INPUT(rows[row].x30));
	put_u64(regs + 8 * SP, AT_INPUT(RECORD - 0x40));
	put_u64(regs + 8 * PC, pc ? AT_INPUT(pc) : 0);
	put_u64(regs + 8 * PSTATE, EL1H);
	put_u64(input + RECORD, AT_INPUT(RECORD + 0x10));
	put_u64(input + RECORD + 8, AT_INPUT(rows[row].first_return));
	put_u32(input + rows[row].x30 - 4, rows[row].insn);
}

static void unwind(struct stack *stack)
{
	static const struct unwind_facts facts = { .regs_stackframe = { ABSENT, 0, 1 } };
	static struct crashed c;
	static const struct bounds bounds = { .until = 1e12 };
	struct unwinder u;

	crashed_open(&c, input, sizeof(input), true);
	symbols_open(&c.symbols, &c.arena);
	u = (struct unwinder){ .space = &c.flat.space, .symbols = &c.symbols, .facts = &facts,
			       .cpu = &unwind_arm64, .steps_left = 100, .bounds = &bounds };
	unwind_regs(&u, (const uint64_t *)(const void *)(c.bytes + INPUT + REGS), stack);
	crashed_close(&c);
}

int main(void)
{
	static struct stack s;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		unsigned n = rows[i].third == NONE ? 2 : 3;

		make(i);
		unwind(&s);
		T_EQUAL(rows[i].row, n, s.n);
		T_EQUAL(rows[i].row, AT_INPUT(rows[i].second), s.frames[1].ip);
		T_EQUAL(rows[i].row, rows[i].how, s.frames[1].how);
		if (n == 3)
			T_EQUAL(rows[i].row, AT_INPUT(rows[i].third), s.frames[2].ip);
		T_EQUAL(rows[i].row, STACK_END_BOTTOM, s.end);
	}
	return t_done();
}
