/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clocks and counters for the choice of the effort. A wait for the target is one in which the
 * thread gave the CPU away: one that it was taken from waits for nobody.
 *
 * While the target is waited for, the CPUs are not always idle: what sends the data may be a
 * program of its own, as ssh is, or the kernel that encrypts a disk. To pack harder than usual
 * would take from those. So it is only done where CPUs were seen to be idle, or all are ours.
 */
#include "adaptive.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "dump/readback.h"
#include "packer.h"

#define LOOK_S 0.25
#define IDLE_PART 0.05
#define OWN_PART 0.85
#define ROOM_UNKNOWN (UINT64_C(1) << 60)	/* and above: no file system has that */
#define EXTRA_PART 2		/* of what is free that much is left, for speed's sake */

struct adaptive_clocks adaptive_now(void)
{
	struct adaptive_clocks c = { .wall_s = monotonic_seconds() };
	struct rusage u;

	if (!getrusage(RUSAGE_THREAD, &u)) {
		c.thread_s = u.ru_utime.tv_sec + u.ru_stime.tv_sec +
			     (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
		c.n_waits = u.ru_nvcsw;
	}
	return c;
}

double adaptive_waited_s(const struct adaptive_clocks *before,
			 const struct adaptive_clocks *after)
{
	double away_s = after->wall_s - before->wall_s - (after->thread_s - before->thread_s);

	return after->n_waits != before->n_waits && away_s > 0 ? away_s : 0;
}

/* Seconds that all CPUs together have had nothing to do; 0: that is not told. */
static double idle_seconds(void)
{
	unsigned long long user, nice, system, idle, iowait;
	char text[200];
	struct err ignored;

	if (!read_text("/proc/stat", text, sizeof(text), &ignored) ||
	    sscanf(text, "cpu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
		   &iowait) != 5)
		return 0;
	return (double)(idle + iowait) / sysconf(_SC_CLK_TCK);
}

/* May more be packed than usual? */
static void look_at_cpus(struct adaptive *a, double wall_s)
{
	double took_s = (wall_s - a->looked_s) * a->n_workers, own_s, idle_s;
	bool spare;

	if (wall_s - a->looked_s < LOOK_S)
		return;
	own_s = cpu_seconds();
	idle_s = idle_seconds();
	spare = idle_s - a->idle_s >= IDLE_PART * took_s ||
		own_s - a->own_s >= OWN_PART * took_s;
	if (a->looked_s > 0 && !a->is_fixed)
		effort_bound(&a->effort, a->least, spare ? EFFORT_MOST
							 : max_u64(a->least, EFFORT_USUAL));
	a->looked_s = wall_s;
	a->own_s = own_s;
	a->idle_s = idle_s;
}

void adaptive_begin(struct adaptive *a, const struct sampled *s, unsigned n_workers,
		    enum effort_back back)
{
	*a = (struct adaptive){ .n_workers = n_workers };
	effort_begin(&a->effort, s->points, n_workers,
		     &(struct effort_reading){ back, back == BACK_NEVER ? 0 :
							     readback_seconds() });
}

void adaptive_fix(struct adaptive *a, unsigned effort)
{
	a->is_fixed = true;
	a->least = effort;
	effort_bound(&a->effort, effort, effort);
}

uint64_t adaptive_fit(struct adaptive *a, const struct sampled *s, uint64_t room)
{
	const uint64_t *len = s->packed_len;
	/* Where nobody knows what is free nothing more is taken than ever was. */
	uint64_t may = max_u64(len[EFFORT_USUAL], room < ROOM_UNKNOWN ? room / EXTRA_PART : 0);
	unsigned least = EFFORT_NONE;

	if (a->is_fixed)
		return len[a->least];
	while (least < EFFORT_USUAL && len[least] > may)
		least++;
	if (len[EFFORT_USUAL] > room)
		least = EFFORT_MOST;
	a->least = least;
	effort_bound(&a->effort, least, max_u64(least, EFFORT_USUAL));
	return len[max_u64(least, EFFORT_USUAL)];
}

void adaptive_before(struct adaptive *a, const struct adaptive_clocks *now)
{
	a->before = *now;
	if (!a->last_s)
		a->last_s = now->wall_s - 1e-3;
	look_at_cpus(a, now->wall_s);
}

void adaptive_after(struct adaptive *a, const struct batch *b, uint64_t len_out,
		    const struct adaptive_clocks *now)
{
	const struct effort_batch seen = {
		.effort = b->effort, .len_in = b->len_in, .len_packed = b->len_out,
		.len_out = len_out, .work_s = b->work_s, .pack_s = b->pack_s,
		.put_s = now->thread_s - a->before.thread_s,
		.blocked_s = adaptive_waited_s(&a->before, now),
		.wall_s = now->wall_s - a->last_s,
	};

	a->last_s = now->wall_s;
	effort_learn(&a->effort, &seen);
}
