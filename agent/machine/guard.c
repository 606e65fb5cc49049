/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work that may hang, in a child. One child at a time; what it has printed is out before
 * we say anything.
 */
#include "guard.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "child.h"

void *guard_share(size_t len, struct err *e)
{
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at != MAP_FAILED)
		return at;
	fail(e, errno, "no %zu KiB of memory to work in: %s", len / 1024, strerror(errno));
	return NULL;
}

static bool wait_for(pid_t pid, int signal_fd, const struct guarded *g, struct err *e)
{
	double moved = monotonic_seconds();
	uint64_t last = __atomic_load_n(g->alive, __ATOMIC_RELAXED), now;
	char death[24];
	int status;

	while (!child_reap(pid, &status)) {
		now = __atomic_load_n(g->alive, __ATOMIC_RELAXED);
		if (now != last)
			moved = monotonic_seconds();
		last = now;
		if (monotonic_seconds() - moved < g->stall_s) {
			child_tick(signal_fd);
			continue;
		}
		return fail(e, ETIMEDOUT, "no answer for %.0f s%s", g->stall_s,
			    child_kill(pid, signal_fd, NULL) ? ""
			    : "; the process that waits for it cannot be killed");
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	child_death(status, death);
	return fail(e, EIO, "the process that looks has died (%s)", death);
}

bool guard_run(const struct guarded *g, struct err *e)
{
	cleanup_fd int signal_fd = -1;
	sigset_t ended;
	pid_t pid;
	bool ok;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	signal_fd = child_signals(&ended);
	fflush(stdout);
	pid = child_start_bound();
	if (!pid) {
		g->work(g->ctx);
		fflush(stdout);
		_exit(0);
	}
	ok = pid > 0 ? wait_for(pid, signal_fd, g, e)
		     : fail(e, errno, "cannot start a process: %s", strerror(errno));
	sigprocmask(SIG_UNBLOCK, &ended, NULL);
	return ok;
}
