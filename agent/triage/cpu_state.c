/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What CPUs are told by: words, who waits for them, whose clock stands. */
#include "cpu_state.h"

#include <string.h>

#include "base/bytes.h"

#define UPTIME_MAX_S 1e9		/* no machine was up for thirty years */
#define TICK_MAX (1ULL << 62)	/* one that is due no earlier is due never */

const char *cpu_mode_name(enum cpu_mode mode)
{
	static const char *const names[] = { "kernel", "user", "idle", "irq", "running",
					     "no answer" };

	return names[mode];
}

/* Is a longer wait than b? One that is not known is the shortest. */
static bool is_longer(uint64_t a, uint64_t b)
{
	return a && (!b || a < b);
}

void cpu_add_waiter(struct cpu_state *cpu, const struct proc *proc, uint64_t since_ns)
{
	unsigned at = cpu->n_waiters;

	cpu->n_waiting++;
	while (at && is_longer(since_ns, cpu->waiters[at - 1].since_ns))
		at--;
	if (at == CPU_WAITERS)
		return;
	if (cpu->n_waiters < CPU_WAITERS)
		cpu->n_waiters++;
	memmove(cpu->waiters + at + 1, cpu->waiters + at,
		(cpu->n_waiters - 1 - at) * sizeof(cpu->waiters[0]));
	cpu->waiters[at] = (struct cpu_waiter){ proc, since_ns };
}

/* Of an idle CPU, and of one that was taken offline, it stands by right. */
static bool is_clock_to_tick(const struct cpu_state *cpu)
{
	return cpu->mode != CPU_IDLE && cpu->mode != CPU_RUNNING && cpu->task.at &&
	       cpu->task.pid && cpu->queue.clock_ns;
}

/*
 * Whoever wakes a task to run there looks at the clock of its queue, too; its tick is its own.
 * With two that can run there is one, and it is due within moments.
 */
static double tick_stands(const struct cpu_state *cpu, uint64_t newest)
{
	uint64_t tick = cpu->queue.tick_ns;

	return cpu->queue.n_runnable > 1 && tick && newest > tick ? (newest - tick) / 1e9 : 0;
}

void cpus_set_clocks(struct cpu_state *cpus, unsigned n, const struct cpu_times *times)
{
	double uptime_s = times->uptime_s, died_s = times->died_s;
	/*
	 * Where all others are idle nobody looked at a clock of late; the log's is the same.
	 * What was logged after the death may have taken long, with all other CPUs stopped.
	 */
	uint64_t newest = died_s > 0 && died_s < UPTIME_MAX_S ? (uint64_t)(died_s * 1e9) : 0;
	uint64_t newest_tick = 0;

	for (unsigned i = 0; i < n; i++) {
		newest = max_u64(newest, cpus[i].queue.clock_ns);
		if (is_clock_to_tick(&cpus[i]) && cpus[i].queue.tick_ns < TICK_MAX)
			newest_tick = max_u64(newest_tick, cpus[i].queue.tick_ns);
	}
	for (unsigned i = 0; i < n; i++) {
		double stands = (newest - cpus[i].queue.clock_ns) / 1e9;
		double tick = tick_stands(&cpus[i], newest_tick);

		stands = tick > stands ? tick : stands;
		cpus[i].clock_stands_s = is_clock_to_tick(&cpus[i]) &&
					 (uptime_s < 0 || stands <= uptime_s) ? stands : -1;
	}
}
