/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a saved log, whoever saved it. */
#include "saved_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define LOG_MAX (64u << 20)
#define BEGIN_LEN 4096

static bool is_standard_input(const char *path)
{
	return !strcmp(path, "-");
}

bool saved_log_is(const char *path)
{
	cleanup_fd int fd = -1;
	char begin[BEGIN_LEN];
	struct stat st;
	ssize_t n;

	if (is_standard_input(path))
		return true;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	n = read(fd, begin, sizeof(begin));
	return n > 0 && !memchr(begin, '\0', n) && memchr(begin, '\n', n);
}

static bool read_stream(int fd, char *text, size_t *len, const char *name, struct err *e)
{
	ssize_t n;

	*len = 0;
	while ((n = read(fd, text + *len, LOG_MAX - *len)) > 0)
		*len += n;
	if (n < 0)
		return fail(e, errno, "%s: cannot be read: %s", name, strerror(errno));
	if (*len == LOG_MAX)
		return fail(e, EFBIG, "%s: more than %u MiB of log: give the end of it", name,
			    LOG_MAX >> 20);
	return true;
}

bool saved_log_read(struct log_text *log, const char *path, struct arena *arena,
		    struct err *e)
{
	bool piped = is_standard_input(path);
	const char *name = piped ? "standard input" : path;
	cleanup_fd int fd = piped ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char *text = arena_take(arena, LOG_MAX, 1, name, e);
	struct stat st;
	size_t len, raw_len;

	if (!text)
		return false;
	if (piped) {
		if (!read_stream(STDIN_FILENO, text, &len, name, e))
			return false;
		if (memchr(text, '\0', len < BEGIN_LEN ? len : BEGIN_LEN))
			return fail(e, EINVAL, "standard input is no log: of a core or a dump "
				    "give the file's name");
	} else {
		if (fd < 0 || fstat(fd, &st))
			return fail(e, errno, "%s: %s", name, strerror(errno));
		len = st.st_size < LOG_MAX ? st.st_size : LOG_MAX;
		if (!pread_all(fd, text, len, st.st_size - len, name, e))
			return false;
	}
	raw_len = len;
	len = log_text_clean(text, len);
	*log = (struct log_text){ text, len };
	/* A journal's lines have no time of the kernel's, but who says them. */
	if (len == raw_len && !log_text_is_kernels(*log))
		return fail(e, EINVAL, "%s: not a kernel's log, and no core or dump", name);
	*log = log_text_last_death(*log);
	return true;
}
