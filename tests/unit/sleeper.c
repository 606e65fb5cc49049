/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/sleeper on rings of waiters made up here: which list_head keeps a ring, and that a
 * ring that does not close, or has two keepers, has none.
 */
#include "triage/sleeper.h"

#include "flat.h"
#include "t.h"

#define MEMORY 0x20000u
#define STACKS 0x10000u		/* of the tasks a, b, c, 16 KiB each */
#define IN_STACK 0x100u		/* where a task's waiter lies on it */
#define KEEPERS 0x8000u		/* list_heads x, y, on nobody's stack */
#define TASK_FIELD 16		/* in a waiter, behind its list_head */
#define FORGED 0x9000u		/* q: looks like a waiter of a, and is not on its stack */

static struct {
	uint8_t bytes[MEMORY];
} memory;

static void put(uint64_t off, uint64_t value)
{
	memcpy(memory.bytes + off, &value, sizeof(value));
}

static uint64_t task_of(char name)
{
	return 0x1000 + 0x100 * (uint64_t)(name - 'a');
}

static uint64_t node_of(char name)
{
	switch (name) {
	case 'x':
	case 'y':
		return KEEPERS + 0x40 * (uint64_t)(name - 'x');
	case 'q':
		return FORGED;
	default:
		return STACKS + 0x4000 * (uint64_t)(name - 'a') + IN_STACK;
	}
}

/* A ring of these list_heads, in this order. */
static void make_ring(const char *names)
{
	size_t n = strlen(names);

	memset(memory.bytes, 0, sizeof(memory.bytes));
	for (char task = 'a'; task <= 'c'; task++) {
		put(task_of(task), FLAT_BASE + node_of(task) - IN_STACK);
		put(node_of(task) + TASK_FIELD, FLAT_BASE + task_of(task));
	}
	put(FORGED + TASK_FIELD, FLAT_BASE + task_of('a'));
	for (size_t i = 0; i < n; i++) {
		uint64_t at = node_of(names[i]), next = node_of(names[(i + 1) % n]);

		put(at, FLAT_BASE + next);
		put(next + 8, FLAT_BASE + at);
	}
}

static const struct bounds never = { .until = 1e12 }, over = { .until = 0 };

static struct field field_at(int64_t off)
{
	return (struct field){ .off = off, .size = 8, .n = 1 };
}

static const struct ring_member member = { .list = { 0, 8, 1 },
					   .task = { TASK_FIELD, 8, 1 } };

/* The tasks' stacks are as long as is guessed: no area tells. */
static struct sleeper open_sleeper(struct flat *f, struct sleeper_facts *facts)
{
	flat_open(f, memory.bytes, sizeof(memory.bytes));
	flat_absent(facts, sizeof(*facts));
	facts->stack = field_at(0);
	return (struct sleeper){ .space = &f->space, .facts = facts, .page_shift = 12,
				 .bounds = &never, .steps_left = 1000 };
}

static void test_heads(void)
{
	static const struct {
		const char *row, *ring;
		char keeper;		/* 0: there is none */
	} rows[] = {
		{ "one waiter and the lock", "ax", 'x' },
		{ "three and the lock", "abcx", 'x' },
		{ "the lock in the midst", "axbc", 'x' },
		{ "nobody keeps it", "abc", 0 },
		{ "two keep it", "axby", 0 },
		{ "a waiter that is on no stack is one more keeper", "axq", 0 },
		{ "alone", "a", 0 },
	};
	struct sleeper_facts facts;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct sleeper s = open_sleeper(&f, &facts);
		uint64_t want = rows[i].keeper ? FLAT_BASE + node_of(rows[i].keeper) : 0;

		make_ring(rows[i].ring);
		T_EQUAL(rows[i].row, want, ring_head(&s, &member, ring_is_waiter,
						     FLAT_BASE + node_of('a')));
	}
}

/* Of a ring "abx", one word of it written over. */
static void test_damage(void)
{
	const struct {
		const char *row;
		uint64_t at, value;
	} rows[] = {
		{ "next is nowhere", node_of('b'), 0x1234 },
		{ "next is NULL", node_of('b'), 0 },
		{ "does not point back", node_of('x') + 8, FLAT_BASE + node_of('a') },
		{ "runs into itself", node_of('b'), FLAT_BASE + node_of('b') },
		{ "the waiter is of no task", node_of('b') + TASK_FIELD, 0 },
		{ "of a task with another stack", node_of('b') + TASK_FIELD,
		  FLAT_BASE + task_of('c') },
	};
	struct sleeper_facts facts;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct sleeper s = open_sleeper(&f, &facts);

		make_ring("abx");
		put(rows[i].at, rows[i].value);
		T_EQUAL(rows[i].row, 0, ring_head(&s, &member, ring_is_waiter,
						  FLAT_BASE + node_of('a')));
	}
}

/* Tasks a, b, c wait in a ring; those have these states. */
static void test_all_sleep(void)
{
	static const struct {
		const char *row, *states;
		unsigned n;		/* of them in the list of tasks */
		bool all_sleep;
	} rows[] = {
		{ "blocked", "DDD", 3, true },
		{ "one as if for an event", "DSD", 3, true },
		{ "one was woken", "DRD", 3, false },
		{ "itself", "RDD", 3, false },
		{ "one is no task", "DDD", 2, false },
	};
	struct proc list[3] = { { .at = 0 } };
	struct procs procs = { .list = list };
	struct sleeper_facts facts;
	struct flat f;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct sleeper s = open_sleeper(&f, &facts);

		make_ring("abcx");
		s.procs = &procs;
		procs.n = rows[i].n;
		for (unsigned k = 0; k < 3; k++)
			list[k] = (struct proc){ .at = FLAT_BASE + task_of('a' + k),
						 .state = rows[i].states[k] };
		T_EQUAL(rows[i].row, rows[i].all_sleep,
			ring_all_sleep(&s, &member, FLAT_BASE + node_of('a')));
	}
}

static void test_steps(void)
{
	struct sleeper_facts facts;
	struct flat f;
	struct sleeper s = open_sleeper(&f, &facts);

	make_ring("abcx");
	T_CHECK("in the ring", ring_has(&s, FLAT_BASE + node_of('a'),
					FLAT_BASE + node_of('c')));
	T_CHECK("not in it", !ring_has(&s, FLAT_BASE + node_of('a'),
				       FLAT_BASE + node_of('y')));
	s.steps_left = 2;
	T_EQUAL("steps are over", 0, ring_head(&s, &member, ring_is_waiter,
					       FLAT_BASE + node_of('a')));
	T_EQUAL("and none is taken any more", 0, s.steps_left);
	s = open_sleeper(&f, &facts);
	s.bounds = &over;
	T_EQUAL("time is over", 0, ring_head(&s, &member, ring_is_waiter,
					     FLAT_BASE + node_of('a')));
	T_CHECK("and words are not looked at", !sleeper_has_time(&s));
	s = open_sleeper(&f, &facts);
	T_CHECK("before that", sleeper_has_time(&s));
	s.bounds = &over;
	for (unsigned i = 0; i < 100; i++)
		sleeper_has_time(&s);
	T_CHECK("over in the midst", !sleeper_has_time(&s));
}

int main(void)
{
	test_heads();
	test_damage();
	test_all_sleep();
	test_steps();
	return t_done();
}
