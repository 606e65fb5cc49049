/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs of life are what the guest writes to either of its serial ports: its first process
 * does so every second, and a kernel that captures says how far it is. What QEMU thinks of
 * its guest is asked by QMP.
 */
#include "watch.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "machine/child.h"
#include "tool.h"

#define START_S 60.0	/* until QEMU's socket is there */
#define ASK_EVERY_S 1.0
#define ANSWER_S 10.0
#define OFF_S 20.0	/* for a guest to power off, whose command has ended */
#define A_READ 4096
#define READS 1024	/* of one tick; a serial port is slower */

/* ---- what comes from the guest ---------------------------------------------- */

/* Behind "[    5.123456]" or "[   T12]", which is whose line it is; else NULL. */
static const char *behind_stamp(const char *at)
{
	if (*at++ != '[')
		return NULL;
	at += strspn(at, " TC");
	if (!isdigit((unsigned char)*at))
		return NULL;
	at += strspn(at, "0123456789.");
	return *at == ']' ? at + 1 + (at[1] == ' ') : NULL;
}

static const char *behind_level(const char *at)
{
	size_t n = *at == '<' ? strspn(at + 1, "0123456789") : 0;

	return n && at[n + 1] == '>' ? at + n + 2 : at;
}

/* With two stamps at most. */
static const char *panic_at(const char *at)
{
	static const char words[] = "Kernel panic - not syncing";
	const char *next;

	at = behind_level(at);
	for (unsigned i = 0; i < 2 && (next = behind_stamp(at)); i++)
		at = next;
	return strncmp(at, words, sizeof(words) - 1) ? NULL : at;
}

const char *watch_find_panic(const char *line)
{
	const char *found = panic_at(line);

	while (!found && (line = strchr(line, '['))) {
		found = panic_at(line);
		line++;
	}
	return found;
}

static void look_at_line(struct watch *w)
{
	const char *at;

	w->line[w->line_len] = '\0';
	at = watch_find_panic(w->line);
	if (at && !w->panic[0])
		snprintf(w->panic, sizeof(w->panic), "%s", at);
	w->line_len = 0;
}

static void look_at_console(struct watch *w, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			look_at_line(w);
		else if (w->line_len < sizeof(w->line) - 1 && bytes[i] >= ' ')
			w->line[w->line_len++] = bytes[i];
	}
}

/* What is new in a file that QEMU writes. */
static size_t read_new(int *fd, const char *folder, const char *name, char bytes[A_READ])
{
	char path[HOST_PATH_MAX];
	ssize_t n;

	if (*fd < 0) {
		vm_path(path, folder, name);
		*fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	n = *fd < 0 ? 0 : read(*fd, bytes, A_READ);
	return n > 0 ? n : 0;
}

static void follow_console(struct watch *w, unsigned reads)
{
	char bytes[A_READ];
	struct err ignored;
	size_t n;

	for (unsigned i = 0; i < reads; i++) {
		n = read_new(&w->console_fd, w->at->out, VM_CONSOLE, bytes);
		if (!n)
			break;
		look_at_console(w, bytes, n);
		if (!w->want->is_quiet)
			write_all(STDOUT_FILENO, bytes, n, "standard output", &ignored);
		w->moved = monotonic_seconds();
	}
}

static void follow(struct watch *w)
{
	bool had_ended = w->channel.has_ended, had_panic = w->panic[0];
	char bytes[A_READ];
	size_t n;

	follow_console(w, READS);
	for (unsigned i = 0; i < READS; i++) {
		n = read_new(&w->channel_fd, w->at->work, VM_CHANNEL, bytes);
		if (!n)
			break;
		channel_take(&w->channel, bytes, n);
		w->moved = monotonic_seconds();
	}
	/* Its command has printed those words: who is dead tells of no end. */
	if (had_panic && !had_ended && w->channel.has_ended)
		w->panic[0] = '\0';
	if (!w->ended && (w->channel.has_ended || w->channel.failed[0]))
		w->ended = monotonic_seconds();
}

/* All that is there now; a guest that goes on may write more. */
static void follow_to_end(struct watch *w)
{
	struct stat st = { .st_size = 0 };

	follow(w);
	if (w->console_fd < 0 || fstat(w->console_fd, &st))
		return;
	for (off_t left = st.st_size - lseek(w->console_fd, 0, SEEK_CUR);
	     left > 0 && !tool_is_stopped(); left -= (off_t)READS * A_READ)
		follow_console(w, READS);
	look_at_line(w);
}

/* ---- what QEMU says --------------------------------------------------------- */

static bool connect_qmp(struct watch *w, struct err *e)
{
	char path[64];
	double until = monotonic_seconds() + START_S;
	int status, folder = open(w->at->work, O_PATH | O_DIRECTORY | O_CLOEXEC);

	/* A socket's name has room for 107 characters, a folder's may be longer. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d/" VM_QMP, folder);
	while (!qmp_open(&w->qmp, path, e) && monotonic_seconds() < until) {
		if (child_reap(w->qemu->pid, &status)) {
			char log[HOST_PATH_MAX], line[160];

			w->qemu->pid = 0;
			vm_path(log, w->at->work, VM_QEMU_LOG);
			tool_last_line(log, line);
			fail(e, ECHILD, "QEMU has not started: %s", line);
			break;
		}
		if (child_tick(w->signal_fd)) {
			fail(e, EINTR, "stopped");
			break;
		}
	}
	close(folder);
	return w->qmp.fd >= 0;
}

/* Does it still run its guest? Who does not answer is taken for busy: there is a clock. */
static bool is_off(struct watch *w)
{
	static const char *const off[] = { "shutdown", "guest-panicked", "internal-error",
					   "io-error" };
	struct json_value answer;
	char status[32];
	struct err ignored;

	if (!qmp_do(&w->qmp, "query-status", NULL, ANSWER_S, &answer, &ignored))
		return false;
	json_text(&answer, "status", status, sizeof(status));
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		if (!strcmp(status, off[i]))
			return true;
	return false;
}

/* ---- the watch -------------------------------------------------------------- */

static bool is_over(struct watch *w, double now)
{
	const struct vm_want *want = w->want;
	int status;

	if (child_reap(w->qemu->pid, &status)) {
		w->qemu->pid = 0;
		child_death(status, w->killed);
		w->end = WATCH_KILLED;
		return true;
	}
	if (now - w->asked >= ASK_EVERY_S) {
		w->asked = now;
		if (is_off(w)) {
			w->end = WATCH_OFF;
			return true;
		}
	}
	w->end = WATCH_OFF;
	if (w->ended && !w->panic[0] && now - w->ended >= OFF_S)
		return true;
	w->end = WATCH_HUNG;
	if (now - w->moved >= want->hang_s)
		return true;
	w->end = WATCH_TIME_UP;
	return want->timeout_s && now - w->began >= want->timeout_s;
}

static void close_files(struct watch *w)
{
	if (w->console_fd >= 0)
		close(w->console_fd);
	if (w->channel_fd >= 0)
		close(w->channel_fd);
}

bool watch_guest(struct watch *w, struct err *e)
{
	w->console_fd = w->channel_fd = -1;
	w->began = w->moved = w->asked = monotonic_seconds();
	if (!connect_qmp(w, e))
		return false;
	for (;;) {
		if (child_tick(w->signal_fd)) {
			w->end = WATCH_STOPPED;
			break;
		}
		follow(w);
		if (is_over(w, monotonic_seconds()))
			break;
	}
	if (w->end != WATCH_STOPPED)
		follow_to_end(w);
	w->seconds = monotonic_seconds() - w->began;
	close_files(w);
	return true;
}
