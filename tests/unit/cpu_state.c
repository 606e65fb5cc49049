/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/cpu_state: who has waited longest for a CPU, and whose clock stands. */
#include "triage/cpu_state.h"

#include "t.h"

#define S 1000000000ULL

static void test_waiters(void)
{
	static const uint64_t since[] = { 7 * S, 3 * S, 0, 9 * S, 1 * S, 5 * S };
	static const unsigned order[CPU_WAITERS] = { 4, 1, 5, 0 };
	static struct proc procs[T_SIZE(since)];
	struct cpu_state cpu = { .nr = 0 };

	for (unsigned i = 0; i < T_SIZE(since); i++)
		cpu_add_waiter(&cpu, &procs[i], since[i]);
	T_EQUAL("all are counted", T_SIZE(since), cpu.n_waiting);
	T_EQUAL("four are told", CPU_WAITERS, cpu.n_waiters);
	for (unsigned i = 0; i < CPU_WAITERS; i++)
		T_EQUAL("the longest first", order[i], cpu.waiters[i].proc - procs);
}

#define TASK { .at = 8, .pid = 7 }

static void set_clocks(struct cpu_state *cpus, unsigned n, double uptime_s, double died_s)
{
	cpus_set_clocks(cpus, n, &(struct cpu_times){ uptime_s, died_s });
}

static void test_clocks(void)
{
	static struct cpu_state cpus[] = {
		{ .mode = CPU_KERNEL, .queue.clock_ns = 100 * S, .task = TASK },
		{ .mode = CPU_KERNEL, .queue.clock_ns = 60 * S, .task = TASK },
		{ .mode = CPU_IDLE, .queue.clock_ns = 10 * S },
		{ .mode = CPU_SILENT, .queue.clock_ns = 70 * S, .task = TASK },
		{ .mode = CPU_KERNEL, .queue.clock_ns = 0, .task = TASK },
		/* Idle when an interrupt came; and offline, or nothing is known of it. */
		{ .mode = CPU_IRQ, .queue.clock_ns = 5 * S, .task = { .at = 8 } },
		{ .mode = CPU_SILENT, .queue.clock_ns = 5 * S },
	};
	static const int stands[] = { 0, 40, -1, 30, -1, -1, -1 };

	set_clocks(cpus, T_SIZE(cpus), -1, -1);
	for (unsigned i = 0; i < T_SIZE(cpus); i++)
		T_EQUAL("stands for", stands[i], (int)cpus[i].clock_stands_s);
	set_clocks(cpus, 0, -1, -1);
	/* By a clock that is nonsense all the others stand for ever. */
	set_clocks(cpus, T_SIZE(cpus), 100, 100);
	T_EQUAL("not longer than it was up", 40, (int)cpus[1].clock_stands_s);
	cpus[0].queue.clock_ns = 900 * S;
	set_clocks(cpus, T_SIZE(cpus), 100, 100);
	T_EQUAL("longer than it was up", -1, (int)cpus[1].clock_stands_s);
	/* As a real 6.1 was: the only CPU that ran is the one that stands. */
	cpus[0].queue.clock_ns = 60 * S;
	cpus[3].queue.clock_ns = 60 * S;
	set_clocks(cpus, T_SIZE(cpus), 63, 63);
	T_EQUAL("behind the log, when all others are idle", 3, (int)cpus[1].clock_stands_s);
	/* A slow console took half a minute for what was said after it. */
	set_clocks(cpus, T_SIZE(cpus), 93, 61);
	T_EQUAL("what is logged afterwards", 1, (int)cpus[1].clock_stands_s);
	set_clocks(cpus, T_SIZE(cpus), 1e30, 1e30);
	T_EQUAL("a time that cannot be", 0, (int)cpus[1].clock_stands_s);
}

/* As a real 6.12 was: a task was woken to run there a moment before the end. */
static void test_ticks(void)
{
	static struct cpu_state cpus[] = {
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .tick_ns = 43 * S, .n_runnable = 2 } },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .tick_ns = 28 * S, .n_runnable = 2 } },
		/* Alone it may go without ticks; and one that is idle, or never to tick. */
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .tick_ns = 28 * S, .n_runnable = 1 } },
		{ .mode = CPU_IDLE, .queue = { .clock_ns = 42 * S, .tick_ns = 99 * S } },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .tick_ns = INT64_MAX, .n_runnable = 2 } },
	};
	static const int stands[] = { 0, 15, 0, -1, 0 };

	set_clocks(cpus, T_SIZE(cpus), 42, 42);
	for (unsigned i = 0; i < T_SIZE(cpus); i++)
		T_EQUAL("its tick stands for", stands[i], (int)cpus[i].clock_stands_s);
}

int main(void)
{
	test_ticks();
	test_waiters();
	test_clocks();
	return t_done();
}
