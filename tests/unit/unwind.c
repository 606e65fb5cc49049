/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/unwind on a made-up kernel: the tables lead from frame to frame, code without them
 * is searched behind, and neither goes on when steps or time are used up.
 */
#include "triage/unwind.h"

#include "base/err.h"
#include "crashed.h"
#include "t.h"

#define NO_ENTRY 0x9c4		/* an instruction that no table knows */
#define STACK 0xd00
#define NEVER 1e12

/* struct pt_regs, in words. */
enum { RIP = 16, CS = 17, RSP = 19, KERNEL_CS = 0x10, USER_CS = 0x33 };

/* What an entry of 6.12's says lies on the stack. */
enum { ENTRY_REGS = 3, ENTRY_REGS_PARTIAL = 4 };

static const struct orc_facts orc_facts = {
	.ip_start = AT_INPUT(ORC_IP), .ip_stop = AT_INPUT(ORC_IP + 4 * ORC_LEN),
	.entries_start = AT_INPUT(ORC_ENTRIES),
	.entries_stop = AT_INPUT(ORC_ENTRIES + 6 * ORC_LEN),
};

static const struct unwind_facts facts = { .inactive_len = ABSENT };

static uint8_t input[INPUT_MAX];

/* An entry each 16 bytes as 6.12 has them: sp + 8, but for the end and for what has none. */
static void make_tables(void)
{
	for (unsigned i = 0; i < ORC_LEN; i++) {
		unsigned ip = TEXT + 16 * i;
		uint8_t *entry = input + ORC_ENTRIES + 6 * i;

		put_u32(input + ORC_IP + 4 * i, ip - (ORC_IP + 4 * i));
		entry[0] = 8;
		entry[4] = 5;
		entry[5] = 2;
		if (ip == (NO_ENTRY & ~15u) || ip == TEXT_END - 16)
			memset(entry, 0, 6);
		if (ip == TEXT_END - 16)
			entry[5] = 1;
	}
	/* Every eighth byte of code is behind a CALL. */
	for (unsigned at = TEXT; at < TEXT_END; at += 8)
		input[at + 3] = 0xe8;
}

/* Stack words, offsets in the input; the rest of the stack is `fill`. */
static void make(unsigned ip, const unsigned *words, size_t n, unsigned fill)
{
	memset(input, 0, sizeof(input));
	put_u64(input + MODULES, AT_INPUT(MODULES));
	put_u64(input + BPF, AT_INPUT(BPF));
	make_tables();
	for (size_t i = 0; STACK + 8 * i < INPUT_MAX; i++)
		put_u64(input + STACK + 8 * i, i < n ? AT_INPUT(words[i]) :
			fill ? AT_INPUT(fill) : 0);
	put_u64(input + REGS + 8 * RIP, AT_INPUT(ip));
	put_u64(input + REGS + 8 * CS, KERNEL_CS);
	put_u64(input + REGS + 8 * RSP, AT_INPUT(STACK));
}

static void unwind(unsigned steps, double until, struct unwinder *u, struct stack *stack)
{
	static struct crashed c;
	static struct orc orc;
	static struct bounds bounds;
	struct err e;

	crashed_open(&c, input, sizeof(input), true);
	symbols_open(&c.symbols, &c.arena);
	bounds = (struct bounds){ .until = until };
	orc = (struct orc){ .space = &c.flat.space, .facts = &orc_facts,
			    .modules = &c.symbols.modules };
	*u = (struct unwinder){ .space = &c.flat.space, .symbols = &c.symbols, .orc = &orc,
				.facts = &facts, .cpu = &unwind_x86_64, .steps_left = steps,
				.bounds = &bounds };
	T_CHECK("the tables are of a known shape", u->cpu->is_ready(u, &e));
	unwind_regs(u, (const uint64_t *)(const void *)(c.bytes + INPUT + REGS), stack);
	crashed_close(&c);
}

#define END (TEXT_END - 8)	/* behind a call in the last function */

static void test_frames(void)
{
	static const unsigned by_tables[] = { 0x918, 0x958, END };
	static const unsigned searched[] = { 0x5, 0x700, 0x958, END };
	struct unwinder u;
	struct stack s;

	make(0x910, by_tables, T_SIZE(by_tables), 0);
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("by tables: frames", 4, s.n);
	T_EQUAL("by tables: to the end", STACK_END_BOTTOM, s.end);
	T_EQUAL("by tables: its second", AT_INPUT(0x918), s.frames[1].ip);
	make(NO_ENTRY, searched, T_SIZE(searched), 0);
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("searched: frames", 3, s.n);
	T_EQUAL("searched: to the end", STACK_END_BOTTOM, s.end);
	T_EQUAL("searched: how", FRAME_RESYNC, s.frames[1].how);
	T_EQUAL("searched: its second", AT_INPUT(0x958), s.frames[1].ip);
}

/* A copy of code that ftrace made is what it was copied from, if it is that. */
static void test_copy(void)
{
	static const unsigned words[] = { COPY + 0x18, 0x958, END };
	struct unwinder u;
	struct stack s;

	make(0x910, words, T_SIZE(words), 0);
	memcpy(input + COPY, input + TEXT + 0x80, COPY_LEN);
	put_u64(input + TRACERS, AT_INPUT(TRACERS + 0x20));
	put_u64(input + TRACERS + 0x20, AT_INPUT(TRACERS + 0x40));
	put_u64(input + TRACERS + 0x40, 0);
	put_u64(input + TRACERS + 0x48, AT_INPUT(COPY));
	put_u64(input + TRACERS + 0x50, COPY_LEN);
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("a copy: frames", 4, s.n);
	T_EQUAL("a copy: to the end", STACK_END_BOTTOM, s.end);
	T_EQUAL("a copy: its second", AT_INPUT(COPY + 0x18), s.frames[1].ip);
	input[COPY + 5] ^= 1;
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("other code: frames", 2, s.n);
	T_EQUAL("other code: broken", STACK_END_BROKEN, s.end);
	input[COPY + 5] ^= 1;
	put_u64(input + TRACERS + 0x50, 0x10);
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("behind a copy: broken", STACK_END_BROKEN, s.end);
	put_u64(input + TRACERS + 0x48, 0);
	put_u64(input + TRACERS + 0x40, AT_INPUT(TRACERS + 0x20));
	unwind(1000, NEVER, &u, &s);
	T_EQUAL("tracers in a circle: broken", STACK_END_BROKEN, s.end);
}

/* An interrupt of user mode, of which all registers are there or those that the CPU pushes. */
static void test_registers(void)
{
	static const struct {
		const char *row;
		unsigned type, cs_at;	/* a word of the stack */
		uint64_t user_regs;
	} rows[] = {
		{ "all registers", ENTRY_REGS, CS, AT_INPUT(STACK) },
		{ "some of them", ENTRY_REGS_PARTIAL, CS - RIP, 0 },
	};
	struct unwinder u;
	struct stack s;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		make(0x910, NULL, 0, 0);
		input[ORC_ENTRIES + 6] = 0;
		input[ORC_ENTRIES + 6 + 5] = (uint8_t)rows[i].type;
		put_u64(input + STACK + 8ULL * rows[i].cs_at, USER_CS);
		unwind(1000, NEVER, &u, &s);
		T_EQUAL(rows[i].row, STACK_END_USER, s.end);
		T_EQUAL(rows[i].row, rows[i].user_regs, s.user_regs);
	}
}

/* From none of the words does a stack lead to an end. */
static void test_limits(void)
{
	struct unwinder u;
	struct stack s;

	make(NO_ENTRY, NULL, 0, 0x918);
	unwind(100000, NEVER, &u, &s);
	T_EQUAL("no stack there: broken", STACK_END_BROKEN, s.end);
	T_TEXT("no stack there: why", "code without unwind tables", s.why);
	T_EQUAL("no stack there: frames", 1, s.n);
	unwind(40, NEVER, &u, &s);
	T_EQUAL("no steps: broken", STACK_END_BROKEN, s.end);
	T_TEXT("no steps: why", "there was no time for more", s.why);
	T_EQUAL("no steps: left", 0, u.steps_left);
	unwind(100000, 0, &u, &s);
	T_EQUAL("no time: broken", STACK_END_BROKEN, s.end);
	T_TEXT("no time: why", "there was no time for more", s.why);
	/* Words that are no code are steps, too. */
	make(NO_ENTRY, NULL, 0, 0x700);
	unwind(40, NEVER, &u, &s);
	T_EQUAL("words are steps: left", 0, u.steps_left);
	T_EQUAL("words are steps: broken", STACK_END_BROKEN, s.end);
}

int main(void)
{
	test_frames();
	test_copy();
	test_registers();
	test_limits();
	return t_done();
}
