/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Child processes. Nothing in here waits for longer than a tick. */
#include "child.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "watchdog.h"

#define TICK_MS 250
#define DISK_STALL_S 120	/* a journal may have to be replayed */

int child_signals(const sigset_t *which)
{
	sigprocmask(SIG_BLOCK, which, NULL);
	return signalfd(-1, which, SFD_CLOEXEC | SFD_NONBLOCK);
}

pid_t child_start(void)
{
	pid_t pid = fork();
	sigset_t none;

	if (pid)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}

pid_t child_start_bound(void)
{
	pid_t parent = getpid(), pid = child_start();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
	setpgid(0, 0);
	return 0;
}

int child_tick(int signal_fd)
{
	struct pollfd fd = { .fd = signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;
	int came = 0;

	if (poll(&fd, 1, TICK_MS) > 0)
		while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
			if (info.ssi_signo != SIGCHLD)
				came = info.ssi_signo;
	return came;
}

bool child_reap(pid_t pid, int *status_ret)
{
	bool found = false;
	int status;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
		if (ended == pid) {
			found = true;
			*status_ret = status;
		}
	}
	return found;
}

/* This file of /proc never waits for the process itself. */
bool child_is_waiting(pid_t pid)
{
	char path[32], text[512], *state;
	struct err ignored;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (!read_text(path, text, sizeof(text), &ignored))
		return false;
	state = strrchr(text, ')');
	return state && state[1] == ' ' && strchr("SD", state[2]);
}

bool child_kill(pid_t pid, int signal_fd, const struct watchdog *watchdog)
{
	double until = monotonic_seconds() + CHILD_KILL_S;
	int status;

	kill(pid, SIGKILL);
	while (monotonic_seconds() < until) {
		if (child_reap(pid, &status))
			return true;
		if (watchdog)
			watchdog_pet(watchdog);
		child_tick(signal_fd);
	}
	return false;
}

void child_death(int status, char text[24])
{
	if (WIFSIGNALED(status))
		snprintf(text, 24, "signal %d", WTERMSIG(status));
	else
		snprintf(text, 24, "status %d", WEXITSTATUS(status));
}

double child_stall(unsigned stall_s, bool is_patient)
{
	return is_patient && stall_s < DISK_STALL_S ? DISK_STALL_S : stall_s;
}
