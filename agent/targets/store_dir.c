/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A store that is a folder. Everything is opened from the store's own fd on, and no link
 * is followed.
 */
#include "store_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/below.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "store.h"

/* What a store is beside that, in its `own`. */
struct dir_store {
	int fd;
	uint32_t owner, maker;	/* whose folders count beside root's */
};

_Static_assert(sizeof(struct dir_store) <= STORE_OWN, "there is room for it");

static const struct dir_store *of(const struct store *s)
{
	return (const struct dir_store *)s->own;
}

/* A new description each time: where a listing has come to belongs to it. */
static int open_folder(const struct store *s, const char *folder)
{
	return openat(of(s)->fd, folder ? folder : ".",
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* In a folder that anybody may write to, anybody may put what looks like a crash of ours. */
static bool is_foreign(const struct store *s, const struct stat *st)
{
	return st->st_uid && st->st_uid != geteuid() && st->st_uid != of(s)->owner &&
	       st->st_uid != of(s)->maker;
}

static bool dir_list(struct store *s, const char *folder, const struct store_visitor *visitor,
		     struct err *e)
{
	int fd = open_folder(s, folder);
	cleanup_dir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		fail(e, errno, "%s/%s: cannot list: %s", s->where, folder ? folder : "",
		     strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((entry = readdir(dir))) {
		struct store_file f = { .name = entry->d_name };
		struct stat st;

		if (!store_has_time(s, e))
			return false;

		if (!strcmp(f.name, ".") || !strcmp(f.name, "..") ||
		    fstatat(dirfd(dir), f.name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		f.len = st.st_size;
		f.is_folder = S_ISDIR(st.st_mode);
		f.is_foreign = is_foreign(s, &st);
		visitor->each(visitor->to, &f);
	}
	return true;
}

static bool dir_read(struct store *s, struct store_piece *p, struct err *e)
{
	cleanup_fd int dir = open_folder(s, p->folder);
	cleanup_fd int fd = dir < 0 ? -1 : openat(dir, p->file, O_RDONLY | O_NOFOLLOW |
						  O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	size_t got = 0;
	ssize_t n = 0;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s/%s/%s: cannot open: %s", s->where, p->folder,
			    p->file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "%s/%s/%s: not a file", s->where, p->folder, p->file);
	while (got < p->len &&
	       (n = pread(fd, (char *)p->buf + got, p->len - got, p->off + got)) > 0)
		got += n;
	p->len = got;
	return n >= 0 || fail(e, errno, "%s/%s/%s: cannot read: %s", s->where, p->folder,
			      p->file, strerror(errno));
}

static bool dir_remove(struct store *s, const char *folder, const char *file,
		       struct err *e)
{
	cleanup_fd int dir = file ? open_folder(s, folder) : -1;

	if (file ? dir >= 0 && !unlinkat(dir, file, 0)
		 : !unlinkat(of(s)->fd, folder, AT_REMOVEDIR))
		return true;
	return fail(e, errno, "%s/%s%s%s: cannot remove: %s", s->where, folder,
		    file ? "/" : "", file ? file : "", strerror(errno));
}

static void dir_close(struct store *s)
{
	struct dir_store *own = (struct dir_store *)s->own;

	if (own->fd >= 0)
		close(take_fd(&own->fd));
}

static const struct store_ops dir_ops = {
	.list = dir_list,
	.read = dir_read,
	.remove = dir_remove,
	.close = dir_close,
};

bool store_dir_open(struct store *s, const char *root, const char *path, struct err *e)
{
	cleanup_fd int root_fd = below_root(root, e);
	struct dir_store *own = (struct dir_store *)s->own;
	struct stat st;

	*s = (struct store){ .ops = &dir_ops };
	own->fd = -1;
	/* What lies in / is called /name. */
	snprintf(s->where, sizeof(s->where), "%s%s", root && strcmp(root, "/") ? root : "",
		 root && !strcmp(path, "/") && strcmp(root, "/") ? "" : path);
	if (root_fd != -1)
		own->fd = below_open(root_fd, path, e);
	if (own->fd >= 0 && !fstat(own->fd, &st))
		own->owner = own->maker = st.st_uid;
	return own->fd >= 0;
}

void store_dir_trust(struct store *s, uint32_t uid)
{
	((struct dir_store *)s->own)->maker = uid;
}
