/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/tasklist: who is on a list that is whole, broken, circular or endless; that a walk
 * ends by count, clock and the caller's wish.
 */
#include "kernel/tasklist.h"

#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "flat.h"
#include "t.h"

#define N_TASKS 8u		/* number 0 is init_task */
#define TASK_LEN 128u
#define MAX_SEEN 64u

enum { TASKS = 16, NODE = 56, SIGNAL = 40, THREADS = 8 };	/* where members lie */

/* Tasks, and behind them the signal_structs of as many. */
struct machine {
	struct flat flat;
	struct tasklist_facts facts;
	uint8_t bytes[2 * N_TASKS * TASK_LEN];
};

static vaddr_t task_at(unsigned i)
{
	return FLAT_BASE + i * TASK_LEN;
}

static vaddr_t signal_at(unsigned i)
{
	return task_at(N_TASKS + i);
}

static void set(struct machine *m, vaddr_t at, uint64_t value)
{
	put_u64(m->bytes + (at - FLAT_BASE), value);
}

static void link_up(struct machine *m, vaddr_t from, vaddr_t to)
{
	set(m, from, to);
	set(m, to + 8, from);
}

/* Processes 1, 2, 3 and 6; 2 has the threads 4 and 5 as well. 7 is none. */
static void make_machine(struct machine *m)
{
	static const unsigned processes[] = { 0, 1, 2, 3, 6 }, threads[] = { 2, 4, 5 };
	size_t n = T_SIZE(processes);

	memset(m, 0, sizeof(*m));
	flat_open(&m->flat, m->bytes, sizeof(m->bytes));
	flat_absent(&m->facts, sizeof(m->facts));
	m->facts.init_task = task_at(0);
	m->facts.tasks = TASKS;
	m->facts.signal = SIGNAL;
	m->facts.thread_node = NODE;
	m->facts.thread_head = THREADS;
	for (size_t i = 0; i < n; i++) {
		unsigned nr = processes[i];
		vaddr_t head = signal_at(nr) + THREADS;

		link_up(m, task_at(nr) + TASKS, task_at(processes[(i + 1) % n]) + TASKS);
		set(m, task_at(nr) + SIGNAL, signal_at(nr));
		link_up(m, head, task_at(nr) + NODE);
		link_up(m, task_at(nr) + NODE, head);
	}
	for (size_t i = 0; i < T_SIZE(threads); i++) {
		set(m, task_at(threads[i]) + SIGNAL, signal_at(2));
		link_up(m, i ? task_at(threads[i - 1]) + NODE : signal_at(2) + THREADS,
			task_at(threads[i]) + NODE);
	}
	link_up(m, task_at(5) + NODE, signal_at(2) + THREADS);
}

/* Digits of those who were seen; behind a leader its other threads, in brackets. */
struct seen {
	char text[4 * MAX_SEEN];
	unsigned n, most;
};

static bool see(void *ctx, vaddr_t task, bool is_leader)
{
	struct seen *s = ctx;
	uint64_t nr = (task - FLAT_BASE) / TASK_LEN;
	char *end = s->text + strlen(s->text);

	if (s->n < MAX_SEEN)
		sprintf(end, is_leader ? "%c" : "(%c)",
			task == task_at(nr) && nr < N_TASKS ? '0' + (int)nr : '?');
	return ++s->n != s->most;
}

#define NOWHERE 0xdead000000000100ULL
#define NEXT(nr) (FLAT_BASE + (nr) * TASK_LEN + TASKS)
#define PREV(nr) (NEXT(nr) + 8)
#define NEXT_THREAD(nr) (FLAT_BASE + (nr) * TASK_LEN + NODE)
#define SIGNAL_OF(nr) (FLAT_BASE + (nr) * TASK_LEN + SIGNAL)

static const struct {
	const char *row, *wanted;
	bool whole;
	struct { vaddr_t at, value; } pokes[2];
} lists[] = {
	{ "a list", "12(4)(5)36", true, { { 0, 0 } } },
	{ "a link to nowhere: the others from the other end", "12(4)(5)63", true,
	  { { NEXT(2), NOWHERE } } },
	{ "a null pointer", "1632(4)(5)", true, { { NEXT(1), 0 } } },
	{ "no way in from the front", "632(4)(5)1", true, { { NEXT(0), NOWHERE } } },
	{ "broken both ways", "163", false, { { NEXT(1), NOWHERE }, { PREV(3), NOWHERE } } },
	{ "a circle, and who is behind it", "12(4)(5)36", true, { { NEXT(3), NEXT(2) } } },
	{ "circles both ways", "12(4)(5)36", false,
	  { { NEXT(3), NEXT(2) }, { PREV(6), NEXT(6) } } },
	{ "one that links to itself", "1632(4)(5)", true, { { NEXT(1), NEXT(1) } } },
	{ "threads lost behind a break", "12(4)36", false, { { NEXT_THREAD(4), NOWHERE } } },
	{ "threads in a circle", "12(4)(5)36", false,
	  { { NEXT_THREAD(5), FLAT_BASE + 4 * TASK_LEN + NODE } } },
	{ "a thread of another process", "12(5)36", true, { { SIGNAL_OF(4), 1 } } },
	{ "a process that is gone has no threads", "1236", true, { { SIGNAL_OF(2), 0 } } },
	{ "a process whose threads are nowhere", "1236", false, { { SIGNAL_OF(2), NOWHERE } } },
};

static bool walk(struct machine *m, struct seen *seen, double until, struct err *e)
{
	uint64_t alive = 0;
	struct bounds bounds = { .until = until, .alive = &alive };
	struct tasklist list = { &m->flat.space, &m->facts, &bounds };

	e->code = 0;
	return tasklist_each(&list, see, seen, e);
}

static void test_lists(void)
{
	for (size_t i = 0; i < T_SIZE(lists); i++) {
		struct seen seen = { .n = 0 };
		struct machine m;
		struct err e;

		make_machine(&m);
		for (int k = 0; k < 2 && lists[i].pokes[k].at; k++)
			set(&m, lists[i].pokes[k].at, lists[i].pokes[k].value);
		T_EQUAL(lists[i].row, lists[i].whole, walk(&m, &seen, 1e12, &e));
		T_EQUAL(lists[i].row, lists[i].whole ? 0 : EFAULT, e.code);
		T_TEXT(lists[i].row, lists[i].wanted, seen.text);
	}
}

/* One that cannot be read is passed over, but not in silence. */
static void test_unreadable(void)
{
	struct seen seen = { .n = 0 };
	struct machine m;
	struct err e;

	make_machine(&m);
	m.flat.bad_from = 3 * TASK_LEN + SIGNAL;
	m.flat.bad_to = m.flat.bad_from + 8;
	T_CHECK("a task that cannot be read", !walk(&m, &seen, 1e12, &e));
	T_EQUAL("a task that cannot be read", EFAULT, e.code);
	T_TEXT("a task that cannot be read", "12(4)(5)6", seen.text);
}

static void test_ends(void)
{
	struct seen seen = { .most = 3 };
	struct machine m;
	struct err e;

	make_machine(&m);
	T_CHECK("who calls has seen enough", walk(&m, &seen, 1e12, &e));
	T_TEXT("who calls has seen enough", "12(4)", seen.text);
	seen = (struct seen){ .n = 0 };
	T_CHECK("no time", !walk(&m, &seen, 0, &e));
	T_TEXT("no time", "", seen.text);
	m.facts.thread_head = ABSENT;
	T_CHECK("a fact that is absent", !walk(&m, &seen, 1e12, &e));
	T_EQUAL("a fact that is absent", ENOENT, e.code);
}

int main(void)
{
	test_lists();
	test_unreadable();
	test_ends();
	return t_done();
}
