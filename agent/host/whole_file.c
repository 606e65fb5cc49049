/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as bytes; what is in them is others' business. */
#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

bool file_load(struct arena *a, const char *path, struct blob *out, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	*out = (struct blob){ NULL, 0 };
	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "%s: not a file", path);
	out->at = arena_take(a, st.st_size + 1, 1, path, e);
	out->len = st.st_size;
	return out->at && pread_all(fd, out->at, out->len, 0, path, e);
}

bool file_load_if_there(struct arena *a, const char *path, struct blob *out, struct err *e)
{
	if (file_load(a, path, out, e))
		return true;
	return e->code == ENOENT;
}

static bool sync_folder_of(const char *path, struct err *e)
{
	char folder[PATH_MAX];
	cleanup_fd int fd = -1;

	snprintf(folder, sizeof(folder), "%s", path);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && !fsync(fd) ? true
	       : fail(e, errno, "folder of %s: cannot sync: %s", path, strerror(errno));
}

/* A device or a FIFO would be gone, and a folder cannot be replaced. */
static bool may_replace(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT || fail(e, errno, "%s: %s", path, strerror(errno));
	return S_ISREG(st.st_mode) ||
	       fail(e, EINVAL, "%s: is %s, and is not replaced: name a file", path,
		    S_ISDIR(st.st_mode) ? "a folder" : "not a regular file");
}

bool file_replace(const char *path, const struct blob *data, struct err *e)
{
	char beside[PATH_MAX];
	cleanup_fd int fd = -1;
	bool ok;

	if (!may_replace(path, e))
		return false;
	if (snprintf(beside, sizeof(beside), "%s.new", path) >= (int)sizeof(beside))
		return fail(e, ENAMETOOLONG, "%s: too long a name", path);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, errno, "%s: cannot be made: %s", beside, strerror(errno));
	ok = write_all(fd, data->at, data->len, beside, e);
	if (ok && (fsync(fd) || rename(beside, path)))
		ok = fail(e, errno, "%s: cannot be put in place: %s", path, strerror(errno));
	if (!ok)
		unlink(beside);
	return ok && sync_folder_of(path, e);
}

bool file_put(const char *path, const struct blob *data, struct err *e)
{
	if (strcmp(path, FILE_STDOUT))
		return file_replace(path, data, e);
	return write_all(STDOUT_FILENO, data->at, data->len, "standard output", e);
}

bool file_line(struct blob *at, struct blob *line)
{
	const uint8_t *end = at->len ? memchr(at->at, '\n', at->len) : NULL;
	size_t step;

	if (!at->len)
		return false;
	line->at = at->at;
	line->len = end ? (size_t)(end - at->at) : at->len;
	step = end ? line->len + 1 : line->len;
	at->at += step;
	at->len -= step;
	return true;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool file_word(struct blob *line, struct blob *word)
{
	while (line->len && is_blank(*line->at))
		line->at++, line->len--;
	word->at = line->at;
	while (line->len && !is_blank(*line->at))
		line->at++, line->len--;
	word->len = line->at - word->at;
	return word->len;
}

bool blob_is(const struct blob *b, const char *text)
{
	return b->len == strlen(text) && !memcmp(b->at, text, b->len);
}
