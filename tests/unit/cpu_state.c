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
	cpus_set_clocks(cpus, n, &(struct cpu_times){ uptime_s, died_s, 0 });
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

/* As a real 6.12 and a real 7.2 were: a task was woken to run there a moment before. */
static void test_timers(void)
{
	static struct cpu_state cpus[] = {
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .timer_ns = 43 * S, .n_runnable = 2 } },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .timer_ns = 28 * S, .n_runnable = 2 } },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .timer_ns = 29 * S, .n_runnable = 1 } },
		/* An idle one; no timer, or timers that are coarse; one that is far ahead. */
		{ .mode = CPU_IDLE, .queue = { .clock_ns = 42 * S, .timer_ns = 99 * S } },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .timer_ns = INT64_MAX, .n_runnable = 2 } },
		{ .mode = CPU_KERNEL, .task = TASK, .queue.clock_ns = 42 * S },
		{ .mode = CPU_KERNEL, .task = TASK,
		  .queue = { .clock_ns = 42 * S, .timer_ns = 999 * S, .n_runnable = 1 } },
	};
	static const int by_tick[] = { 0, 15, 14, -1, 0, 0, 0 };
	static const int by_note[] = { 1, 16, 15, -1, 0, 0, 0 };
	struct cpu_times times = { 42, 42, 0 };

	cpus_set_clocks(cpus, T_SIZE(cpus), &times);
	for (unsigned i = 0; i < T_SIZE(cpus); i++)
		T_EQUAL("by another's tick", by_tick[i], (int)cpus[i].clock_stands_s);
	times.newest_ns = 44 * S;
	cpus_set_clocks(cpus, T_SIZE(cpus), &times);
	for (unsigned i = 0; i < T_SIZE(cpus); i++)
		T_EQUAL("by the kernel's note", by_note[i], (int)cpus[i].clock_stands_s);
	times.newest_ns = UINT64_MAX;
	cpus_set_clocks(cpus, T_SIZE(cpus), &times);
	T_EQUAL("a time that cannot be", by_tick[2], (int)cpus[2].clock_stands_s);
}

int main(void)
{
	test_timers();
	test_waiters();
	test_clocks();
	return t_done();
}
