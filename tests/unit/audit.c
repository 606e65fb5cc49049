/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/audit on a made-up queue: what is told of a record, and what is not. */
#include "triage/audit.h"

#include "base/arena.h"
#include "flat.h"
#include "t.h"

enum {
	HEAD = 0x100, SKBS = 0x1000, SKB_LEN = 0x80, N_MAX = 200,
	MEMORY = SKBS + SKB_LEN * N_MAX,
	NEXT = 0, PREV = 8, COUNT = 16, DATA = 16, DATA_LEN = 24, MESSAGE = 32, HEADER = 16,
	SYSCALL = 1300, END_OF_EVENT = 1320,
};

static uint8_t memory[MEMORY];

static void put(uint64_t at, uint64_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void link_to(uint64_t from, uint64_t to)
{
	put(from + NEXT, FLAT_BASE + to);
	put(to + PREV, FLAT_BASE + from);
}

/* A record at the end of the queue. */
static void put_record(unsigned nr, unsigned type, const char *text)
{
	uint64_t skb = SKBS + SKB_LEN * nr, len = HEADER + strlen(text);

	put(skb + DATA, FLAT_BASE + skb + MESSAGE);
	put(skb + DATA_LEN, len);
	put(skb + MESSAGE, (uint64_t)type << 32 | len);
	memcpy(memory + skb + MESSAGE + HEADER, text, strlen(text));
	link_to(nr ? skb - SKB_LEN : HEAD, skb);
	link_to(skb, HEAD);
	put(HEAD + COUNT, nr + 1);
}

static void read_queue(struct audit *a, bool without_args, struct arena *arena)
{
	static const struct audit_facts facts = {
		.queues = { ABSENT, ABSENT, FLAT_BASE + HEAD }, .next = { NEXT, 8, 1 },
		.prev = { PREV, 8, 1 }, .n = { COUNT, 4, 1 }, .skb_next = { NEXT, 8, 1 },
		.data = { DATA, 8, 1 }, .len = { DATA_LEN, 4, 1 },
	};
	static const struct bounds bounds = { .until = 1e12 };
	static struct flat f;
	struct err e;

	flat_open(&f, memory, sizeof(memory));
	*a = (struct audit){ .space = &f.space, .facts = &facts, .bounds = &bounds,
			     .without_args = without_args };
	T_CHECK("room", audit_read(a, arena, &e));
}

static void test_texts(struct arena *arena)
{
	static const struct {
		const char *row;
		unsigned type;
		const char *text, *told;
		bool without_args;
	} rows[] = {
		{ "a system call", SYSCALL, "comm=\"pkill\"", "comm=\"pkill\"", false },
		{ "what the terminal got", 1319, "tty pid=5 data=686921",
		  "21 bytes of what was typed, not shown", false },
		{ "what the shell got", 1124, "data=686921",
		  "11 bytes of what was typed, not shown", false },
		{ "a command line", 1309, "a0=\"login\"", "a0=\"login\"", false },
		{ "its title", 1327, "proctitle=6C", "proctitle=6C", false },
		{ "what sudo ran", 1123, "cmd=6C", "cmd=6C", false },
		{ "a system call, without", SYSCALL, "a0=1", "a0=1", true },
		{ "a command line, without", 1309, "a0=\"login\"",
		  "10 bytes of a command line, not shown", true },
		{ "its title, without", 1327, "proctitle=6C",
		  "12 bytes of a command line, not shown", true },
		{ "what sudo ran, without", 1123, "cmd=6C",
		  "6 bytes of a command line, not shown", true },
	};
	struct audit a;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		memset(memory, 0, sizeof(memory));
		put_record(0, rows[i].type, rows[i].text);
		read_queue(&a, rows[i].without_args, arena);
		T_EQUAL(rows[i].row, 1, a.n);
		T_EQUAL(rows[i].row, rows[i].type, a.list[0].type);
		T_TEXT(rows[i].row, rows[i].told, a.list[0].text);
		T_TEXT(rows[i].row, "audit_queue", a.list[0].queue);
		arena_release(arena, 0);
	}
}

/* The newest are told; of the others how many there are that have something to tell. */
static void test_more(struct arena *arena)
{
	struct audit a;

	memset(memory, 0, sizeof(memory));
	for (unsigned i = 0; i < N_MAX; i++)
		put_record(i, i % 2 ? END_OF_EVENT : SYSCALL, "text");
	read_queue(&a, true, arena);
	T_EQUAL("told", AUDIT_SHOWN / 2, a.n);
	T_EQUAL("not told", (N_MAX - AUDIT_SHOWN) / 2, a.n_more);
	T_CHECK("nothing is cut", !a.cut);
	put(SKBS + NEXT, FLAT_BASE + SKBS);
	read_queue(&a, true, arena);
	T_CHECK("a link to itself", a.cut && !a.n);
}

int main(void)
{
	struct arena arena;
	struct err e;

	if (!arena_init(&arena, 1 << 20, &e))
		abort();
	test_texts(&arena);
	test_more(&arena);
	arena_deinit(&arena);
	return t_done();
}
