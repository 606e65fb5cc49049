/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tens of thousands of threads that sleep: what the lists of a large machine are like. */
#define _GNU_SOURCE
#include "work.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

enum {
	N_PROCESSES = 10,
	N_THREADS = 5000,		/* of each */
	STACK_LEN = 1024,		/* enough to pause() on */
};

static int sleep_for_ever(void *unused)
{
	(void)unused;
	while (pause() < 0)
		continue;
	return 0;
}

static void many_threads(void)
{
	char *stacks = mmap(NULL, (size_t)N_THREADS * STACK_LEN, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stacks == MAP_FAILED)
		report_and_stop("threads: stacks: %s", strerror(errno));
	for (size_t i = 1; i <= N_THREADS; i++)
		if (clone(sleep_for_ever, stacks + i * STACK_LEN,
			  CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			  CLONE_SYSVSEM, NULL) < 0)
			report_and_stop("threads: number %zu: %s", i, strerror(errno));
}

static void lift(const char *path, const char *limit)
{
	if (!write_text(path, limit))
		report_and_stop("%s: %s", path, strerror(errno));
}

void make_threads(void)
{
	char c;

	lift("/proc/sys/kernel/threads-max", "60000");
	lift("/proc/sys/kernel/pid_max", "100000");
	for (int i = 0; i < N_PROCESSES; i++) {
		int ready[2];

		if (pipe(ready))
			report_and_stop("pipe: %s", strerror(errno));
		if (!fork()) {
			many_threads();
			write_all(ready[1], "x", 1);
			for (;;)
				pause();
		}
		close(ready[1]);
		if (read(ready[0], &c, 1) != 1)
			report_and_stop("threads: process %d died before it was ready", i);
		close(ready[0]);
	}
	tell("note threads: %d", N_PROCESSES * N_THREADS);
}
