/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole reads and writes: "All of it" around the system calls, and nothing else. */
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "err.h"

#define READ_TRIES 3

bool write_all(int fd, const void *buf, size_t len, const char *name, struct err *e)
{
	const char *at = buf;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, errno, "%s: cannot write: %s", name, strerror(errno));
		at += n;
		len -= n;
	}
	return true;
}

bool pwrite_all(int fd, const void *buf, size_t len, uint64_t off, const char *name,
		struct err *e)
{
	const char *at = buf;

	while (len) {
		ssize_t n = pwrite(fd, at, len, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, errno, "%s: cannot write at offset %llu: %s", name,
				    (unsigned long long)off, strerror(errno));
		at += n;
		len -= n;
		off += n;
	}
	return true;
}

bool pread_all(int fd, void *buf, size_t len, uint64_t off, const char *name,
	       struct err *e)
{
	unsigned n_failed = 0;
	char *at = buf;

	while (len) {
		ssize_t n = pread(fd, at, len, off);

		/* Want of memory passes, and some errors do: on one read hangs all the rest. */
		if (n < 0 && (errno == EINTR || ++n_failed < READ_TRIES))
			continue;
		if (n < 0)
			return fail(e, errno, "%s: cannot read at offset %llu: %s", name,
				    (unsigned long long)off, strerror(errno));
		if (n == 0)
			return fail(e, EIO, "%s: ends at offset %llu, %zu bytes too early",
				    name, (unsigned long long)off, len);
		at += n;
		len -= n;
		off += n;
	}
	return true;
}

bool read_text(const char *path, char *buf, size_t size, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	size_t len = 0;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "cannot open %s: %s", path, strerror(errno));
	/* A FIFO may have nobody at its other end, a device may have none. */
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "cannot read %s: %s", path,
			    S_ISDIR(st.st_mode) ? "it is a folder" : "it is not a file");
	while (len < size - 1) {
		ssize_t n = read(fd, buf + len, size - 1 - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, errno, "cannot read %s: %s", path, strerror(errno));
		if (n == 0)
			break;
		len += n;
	}
	while (len && strchr(" \t\r\n", buf[len - 1]))
		len--;
	buf[len] = '\0';
	return true;
}

bool write_text(const char *path, const char *text, struct err *e)
{
	cleanup_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(e, errno, "cannot open %s: %s", path, strerror(errno));
	return write_all(fd, text, strlen(text), path, e);
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

void pause_seconds(double seconds)
{
	struct timespec t = { seconds, (seconds - (time_t)seconds) * 1e9 };

	nanosleep(&t, NULL);
}

double monotonic_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double cpu_seconds(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

uint64_t memory_peak_len(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) ? 0 : (uint64_t)usage.ru_maxrss * 1024;
}
