/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The agent's own log. The one place with process-wide mutable state besides the signal
 * plumbing: a message may come from any depth, and must come out even when all else
 * fails. A line is put together on the stack and leaves in one write(2) where it can, so
 * lines of different processes on one console do not mix.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

#define CONSOLE_WAIT_MS 200
#define CONSOLE_TRIES 20	/* for a line, with nothing taken in between */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int kmsg_fd = -1;
static bool stuck;		/* the console took nothing last time */
static size_t n_warnings;
static char warnings[LOG_KEPT][240];

void log_to_kmsg(const char *kmsg)
{
	kmsg_fd = open(kmsg, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
}

/*
 * In the capture kernel standard error does not block. A slow serial line gets a moment
 * to take a line; one that takes nothing in that time is not waited for again.
 */
static void write_line(const char *line, size_t len)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

	for (unsigned tries = 0; len && tries < CONSOLE_TRIES; tries++) {
		ssize_t n = write(STDERR_FILENO, line, len);

		if (n > 0) {
			line += n;
			len -= n;
			stuck = false;
			tries = 0;
		} else if (n < 0 && errno == EAGAIN && !stuck) {
			stuck = poll(&fd, 1, CONSOLE_WAIT_MS) <= 0;
			/* Ready, it says: so another process of ours is writing just now. */
			if (!stuck && tries)
				pause_seconds(CONSOLE_WAIT_MS / 1e3 / CONSOLE_TRIES);
		} else if (n < 0 && errno != EINTR) {
			return;
		}
	}
	/* One that says it is ready and takes nothing is as stopped as any other. */
	stuck |= len > 0;
}

static void emit(const char *prefix, const char *text)
{
	char line[400];
	int n;
	ssize_t ignored = 0;

	n = snprintf(line, sizeof(line), "%s%s", prefix, text);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	write_line(line, n);
	if (kmsg_fd < 0)
		return;
	/* Level 7 is not printed on the console again by the default log level. */
	n = snprintf(line, sizeof(line), "<15>%s%s", prefix, text);
	if (n > 0)
		ignored = write(kmsg_fd, line,
				(size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
	(void)ignored;
}

static void remember(const char *text)
{
	pthread_mutex_lock(&lock);
	if (n_warnings < LOG_KEPT)
		snprintf(warnings[n_warnings], sizeof(warnings[0]), "%s", text);
	n_warnings++;
	pthread_mutex_unlock(&lock);
}

#define FORMAT(text, fmt)					\
	do {							\
		va_list ap;					\
								\
		va_start(ap, fmt);				\
		vsnprintf(text, sizeof(text), fmt, ap);		\
		va_end(ap);					\
	} while (0)

void log_info(const char *fmt, ...)
{
	char text[320];

	FORMAT(text, fmt);
	emit("crashbox: ", text);
}

void log_warn(const char *fmt, ...)
{
	char text[320];

	FORMAT(text, fmt);
	remember(text);
	emit("crashbox: warning: ", text);
}

void log_plain(const char *fmt, ...)
{
	char text[320];

	FORMAT(text, fmt);
	emit("", text);
}

size_t log_n_warnings(void)
{
	return n_warnings;
}

const char *log_warning(size_t i)
{
	return i < n_warnings && i < LOG_KEPT ? warnings[i] : NULL;
}
