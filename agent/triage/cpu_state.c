/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What CPUs are told by: words, who waits for them, whose clock stands. */
#include "cpu_state.h"

#include <string.h>

#include "base/bytes.h"

#define UPTIME_MAX_S 1e9		/* no machine was up for thirty years */
#define TIMER_MAX (1ULL << 62)	/* nanoseconds: a century */

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
 * Where two can run there is a tick, due within moments: what it is due at is no earlier than
 * now, nor much later. It tells the time where whoever keeps it has stopped.
 */
static bool has_tick(const struct cpu_state *cpu)
{
	return is_clock_to_tick(cpu) && cpu->queue.n_runnable > 1;
}

/*
 * Whoever wakes a task to run there looks at the clock of its queue, too; its timers are its
 * own. One that is due is late by the time that no interrupt came.
 */
static double timer_is_late(const struct cpu_state *cpu, uint64_t newest)
{
	uint64_t timer = cpu->queue.timer_ns;

	return timer && newest > timer ? (newest - timer) / 1e9 : 0;
}

void cpus_set_clocks(struct cpu_state *cpus, unsigned n, const struct cpu_times *times)
{
	double uptime_s = times->uptime_s, died_s = times->died_s;
	/*
	 * Where all others are idle nobody looked at a clock of late; the log's is the same.
	 * What was logged after the death may have taken long, with all other CPUs stopped.
	 */
	uint64_t newest = died_s > 0 && died_s < UPTIME_MAX_S ? (uint64_t)(died_s * 1e9) : 0;
	uint64_t newest_timer = times->newest_ns < TIMER_MAX ? times->newest_ns : 0;

	for (unsigned i = 0; i < n; i++) {
		newest = max_u64(newest, cpus[i].queue.clock_ns);
		if (has_tick(&cpus[i]) && cpus[i].queue.timer_ns < TIMER_MAX)
			newest_timer = max_u64(newest_timer, cpus[i].queue.timer_ns);
	}
	for (unsigned i = 0; i < n; i++) {
		double stands = (newest - cpus[i].queue.clock_ns) / 1e9;
		double late = timer_is_late(&cpus[i], newest_timer);

		stands = late > stands ? late : stands;
		cpus[i].clock_stands_s = is_clock_to_tick(&cpus[i]) &&
					 (uptime_s < 0 || stands <= uptime_s) ? stands : -1;
	}
}
