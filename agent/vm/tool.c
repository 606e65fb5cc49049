/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a program, and what it said last. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "machine/child.h"

#define OPEN_FOLDERS 16
#define FOLDERS_MAX 4096
#define NOT_THERE 127
#define LOOK_MS 250		/* for a signal */

static const int stops[] = { SIGINT, SIGTERM, SIGHUP };

void vm_path(char path[HOST_PATH_MAX], const char *folder, const char *name)
{
	snprintf(path, HOST_PATH_MAX, "%s/%s", folder, name);
}

static void folders_of_programs(char text[FOLDERS_MAX])
{
	const char *path = getenv("PATH");

	snprintf(text, FOLDERS_MAX, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
}

bool tool_is_there(const char *name)
{
	char text[FOLDERS_MAX], path[FOLDERS_MAX + 64], *rest = text;
	const char *folder;
	bool found = false;

	folders_of_programs(text);
	while (!found && (folder = strsep(&rest, ":"))) {
		snprintf(path, sizeof(path), "%s/%.60s", folder[0] ? folder : ".", name);
		found = !access(path, X_OK);
	}
	return found;
}

void tool_exec(const char *const argv[])
{
	char more[FOLDERS_MAX];

	folders_of_programs(more);
	setenv("PATH", more, 1);
	execvp(argv[0], (char *const *)argv);
}

void tool_last_line(const char *path, char line[160])
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[512];
	off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) - 1 ? end - (off_t)sizeof(text) + 1 : 0;
	ssize_t n = fd < 0 ? 0 : pread(fd, text, sizeof(text) - 1, from);
	char *at;

	while (n > 0 && strchr("\r\n ", text[n - 1]))
		n--;
	text[n > 0 ? n : 0] = '\0';
	at = strrchr(text, '\n');
	snprintf(line, 160, "%s", at ? at + 1 : text);
}

/*
 * Who presses Ctrl-C wants QEMU to end as well, and its files to go. Nobody has to look at the
 * console to its end.
 */
int tool_take_signals(void)
{
	sigset_t which;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&which);
	sigaddset(&which, SIGCHLD);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaddset(&which, stops[i]);
	return child_signals(&which);
}

bool tool_is_stopped(void)
{
	sigset_t waiting;

	sigpending(&waiting);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (sigismember(&waiting, stops[i]) == 1)
			return true;
	return false;
}

/* Until it ends, or is ended since we are. False then. */
static bool wait_for(pid_t pid, int *status)
{
	const struct timespec look = { 0, LOOK_MS * 1000000 };
	sigset_t child;
	pid_t ended;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!(ended = waitpid(pid, status, WNOHANG)) && !tool_is_stopped())
		sigtimedwait(&child, NULL, &look);
	if (!ended) {
		/* Its group: a capture has children. */
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		for (unsigned i = 0; i < 12 && !waitpid(pid, status, WNOHANG); i++)
			sigtimedwait(&child, NULL, &look);
	}
	return ended == pid;
}

static void become(const char *const argv[], const char *log)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	/* What debugfs writes is memory of a machine. */
	umask(077);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
	tool_exec(argv);
	_exit(NOT_THERE);
}

bool tool_run(const char *const argv[], const struct vm_folders *at, int *status_ret,
	      struct err *e)
{
	char log[HOST_PATH_MAX], line[160], how[24];
	int status = 0;
	pid_t pid;

	vm_path(log, at->work, VM_TOOL_LOG);
	pid = child_start_bound();
	if (!pid)
		become(argv, log);
	if (pid < 0)
		return fail(e, errno, "%s: no process for it", argv[0]);
	if (!wait_for(pid, &status))
		return fail(e, EINTR, "%s: stopped by a signal", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE)
		return fail(e, ENOENT, "%s is not installed", argv[0]);
	if (WIFEXITED(status) && status_ret) {
		*status_ret = WEXITSTATUS(status);
		return true;
	}
	tool_last_line(log, line);
	child_death(status, how);
	return !status || fail(e, EIO, "%s: %s: %s", argv[0], how, line);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	remove(path);
	return 0;
}

void tool_remove(const char *folder)
{
	nftw(folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
