/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process of ours that may block, hang or die. Whoever watches it never waits for it
 * without an end, and can go on when it cannot even be killed.
 */
#ifndef MACHINE_CHILD_H
#define MACHINE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct watchdog;

/*
 * Blocks these signals, one of which should be SIGCHLD; they then end a tick. -1: the kernel
 * has no such thing, and a tick only sleeps.
 */
int child_signals(const sigset_t *which);

/* fork(2); in the child, which is 0, no signal is blocked. */
pid_t child_start(void);

/* As above, but it dies with us, and is not told of keys pressed on our terminal. */
pid_t child_start_bound(void);

/*
 * Sleeps for a quarter of a second, or until a signal has come. The last one that was not
 * SIGCHLD is returned, or 0.
 */
int child_tick(int signal_fd);

/* Reaps whoever ended. True when it was pid; *status_ret is its wait status. */
bool child_reap(pid_t pid, int *status_ret);

/* Is it waiting for something, and not working? Else it is lost in a loop of ours. */
bool child_is_waiting(pid_t pid);

/*
 * Kills it. False: it is stuck in the kernel, waiting for a device or a server, and there it
 * stays. The watchdog, if there is one, is petted meanwhile.
 */
bool child_kill(pid_t pid, int signal_fd, const struct watchdog *watchdog);

#define CHILD_KILL_S 3.0	/* that takes at most */

/* How a wait status says that it died: "signal 9", "status 2". */
void child_death(int status, char text[24]);

/*
 * How long nothing may move, where stall_s is configured; patient with a disk, which may
 * have a journal to replay before it is mounted.
 */
double child_stall(unsigned stall_s, bool is_patient);

#endif
