/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of crashes. A power cut may leave a line without its end: that one was never said. */
#include "crash_record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

bool crash_record_load(struct crash_record *r, const char *root, const char *name,
		       size_t size, struct arena *a, struct err *e)
{
	char path[HOST_PATH_MAX];
	cleanup_fd int fd = -1;
	struct stat st;

	*r = (struct crash_record){ .size = size };
	snprintf(path, sizeof(path), RECORDS_DIR "/%s", name);
	r->text = arena_take(a, size, 1, "record of a crash", e);
	if (!r->text || !root_path(r->path, root, path, e))
		return false;
	fd = open(r->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || fail(e, errno, "%s: %s", r->path, strerror(errno));
	if (fstat(fd, &st) || (uint64_t)st.st_size >= size)
		return fail(e, EFBIG, "%s: is not what we have written: remove it", r->path);
	if (!pread_all(fd, r->text, st.st_size, 0, r->path, e))
		return false;
	for (r->len = st.st_size; r->len && r->text[r->len - 1] != '\n'; r->len--)
		;
	r->text[r->len] = '\0';
	return true;
}

/* Either sum will do: another target has another manifest of it, or none. */
static bool is_same_crash(const char *a, const char *b)
{
	char a_sums[2][72], b_sums[2][72];
	bool is[2];

	if (sscanf(a, "crash %71s %71s", a_sums[0], a_sums[1]) != 2 ||
	    sscanf(b, "crash %71s %71s", b_sums[0], b_sums[1]) != 2)
		return false;
	for (int i = 0; i < 2; i++)
		is[i] = !strcmp(a_sums[i], b_sums[i]);
	return (is[0] && is[1]) || (is[0] && strcmp(a_sums[0], "-")) ||
	       (is[1] && strcmp(a_sums[1], "-"));
}

void crash_record_be_of(struct crash_record *r, const char *of)
{
	snprintf(r->of, sizeof(r->of), "%s", of);
	if (is_same_crash(r->text, of))
		return;
	r->len = 0;
	r->text[0] = '\0';
}

/* The line at *at, and where the next one begins. */
static bool next_line(const char **at, char line[RECORD_LINE])
{
	size_t len = strcspn(*at, "\n");

	if (!**at)
		return false;
	snprintf(line, RECORD_LINE, "%.*s", (int)len, *at);
	*at += len + 1;
	return true;
}

bool crash_record_has(const struct crash_record *r, const char *line)
{
	char one[RECORD_LINE];

	for (const char *at = r->text; next_line(&at, one);)
		if (!strcmp(one, line))
			return true;
	return false;
}

bool crash_record_line(const struct crash_record *r, const char *begin, unsigned nr,
		       char line[RECORD_LINE])
{
	for (const char *at = r->text; next_line(&at, line);)
		if (!strncmp(line, begin, strlen(begin)) && !nr--)
			return true;
	return false;
}

static bool sync_folder(const char *path, struct err *e)
{
	char folder[HOST_PATH_MAX];
	cleanup_fd int fd = -1;

	snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return (fd >= 0 && !fsync(fd)) ||
	       fail(e, errno, "%s: cannot sync: %s", folder, strerror(errno));
}

static bool add(struct crash_record *r, const char *line, struct err *e)
{
	size_t len = strlen(line);
	cleanup_fd int fd = -1;
	bool is_new = !r->len;

	if (r->len + len + 2 > r->size || strchr(line, '\n') || len >= RECORD_LINE)
		return fail(e, EFBIG, "%s: has no room for '%.40s'", r->path, line);
	/* What was there of another crash never stands behind this one's first line. */
	fd = open(r->path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (is_new ? O_TRUNC : 0),
		  0600);
	if (fd < 0)
		return fail(e, errno, "%s: %s", r->path, strerror(errno));
	memcpy(r->text + r->len, line, len);
	r->text[r->len + len] = '\n';
	r->text[r->len + len + 1] = '\0';
	if (!pwrite_all(fd, r->text + r->len, len + 1, r->len, r->path, e))
		return false;
	if (ftruncate(fd, r->len + len + 1) || fsync(fd))
		return fail(e, errno, "%s: cannot be written: %s", r->path, strerror(errno));
	r->len += len + 1;
	return !is_new || sync_folder(r->path, e);
}

bool crash_record_add(struct crash_record *r, const char *line, struct err *e)
{
	return (r->len || !r->of[0] || add(r, r->of, e)) && add(r, line, e);
}

bool crash_record_remove(struct crash_record *r, struct err *e)
{
	r->len = 0;
	r->text[0] = '\0';
	return !unlink(r->path) || errno == ENOENT ||
	       fail(e, errno, "%s: cannot be removed: %s", r->path, strerror(errno));
}

void crash_records_sweep(const char *root, int64_t before,
			 bool (*has)(void *ctx, const char *name), void *ctx)
{
	char path[HOST_PATH_MAX];
	struct err ignored;
	cleanup_dir DIR *dir = root_path(path, root, RECORDS_DIR, &ignored) ? opendir(path)
									     : NULL;
	const struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    !fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode) && st.st_mtime < before && !has(ctx, entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
}

int crash_records_lock(const char *root, struct err *e)
{
	char path[HOST_PATH_MAX];
	cleanup_fd int fd = -1;

	if (!root_make_state(root, e) || !root_path(path, root, RECORDS_DIR, e))
		return -1;
	if (mkdir(path, 0700) && errno != EEXIST) {
		err_set(e, errno, "%s: cannot be made: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB)) {
		err_set(e, errno == EWOULDBLOCK ? EAGAIN : errno, "%s: %s", path,
			errno == EWOULDBLOCK ? "another crashbox ship is at work"
					     : strerror(errno));
		return -1;
	}
	return take_fd(&fd);
}
