/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of targets that are file systems. Folders below the root of a file system, which
 * need not be the machine's.
 */
#include "mounted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/below.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "free_space.h"
#include "machine/mounts.h"
#include "sink_dir.h"
#include "store.h"
#include "store_dir.h"
#include "target.h"

static const char *root_of(const struct target *t)
{
	return t->root[0] ? t->root : NULL;
}

bool mounted_place(struct target *t, struct err *e)
{
	const char *mount_at = t->access.mount_at;
	char at[64];

	if (!mount_at && !mounts_go_private(NULL, at, e))
		return false;
	snprintf(t->root, sizeof(t->root), "%s", mount_at ? mount_at : at);
	return true;
}

bool mounted_sink(struct target *t, const struct crash_folder *f, struct err *e)
{
	struct sink_folder at = { root_of(t), t->path, t->access.durable };
	bool ok;

	if (!f->name) {
		ok = sink_dir_open(&t->sink, &at, e);
	} else if (f->made[0]) {
		at.path = f->made + strlen(t->root);
		ok = sink_dir_open(&t->sink, &at, e);
	} else {
		ok = sink_dir_new(&t->sink, &at, f->name, f->made, e);
	}
	t->has_maker = ok && sink_dir_owner(&t->sink, &t->maker);
	return ok;
}

bool mounted_store(const struct target *t, struct store *store, struct err *e)
{
	if (!store_dir_open(store, root_of(t), t->path, e))
		return false;
	if (t->has_maker)
		store_dir_trust(store, t->maker);
	return true;
}

bool mounted_unmake(const struct target *t, const char *path)
{
	cleanup_fd int root = below_root(root_of(t), &(struct err){ 0 });

	return below_remove(root, path);
}

bool mounted_leave(struct target *t, struct err *e)
{
	if (t->is_mounted && umount2(t->root, t->is_look ? MNT_DETACH : 0))
		return fail(e, errno, "%s: cannot unmount: %s", t->root, strerror(errno));
	t->is_mounted = false;
	return true;
}

/* A small file made and removed: the only way to know that we may write there. */
static bool may_write(struct target *t, int dir_fd, struct err *e)
{
	char name[40];
	cleanup_fd int fd = -1;
	struct stat st;
	bool ok;

	snprintf(name, sizeof(name), ".crashbox-status-%d", getpid());
	fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(e, errno, "cannot write there: %s", strerror(errno));
	t->has_maker = !fstat(fd, &st);
	t->maker = st.st_uid;
	ok = write_all(fd, "crashbox", 8, name, e) &&
	     (!fsync(fd) || fail(e, errno, "%s: %s", name, strerror(errno)));
	if (unlinkat(dir_fd, name, 0) && ok)
		return fail(e, errno, "%s: cannot remove it again: %s", name, strerror(errno));
	return ok;
}

bool mounted_try(struct target *t, struct target_probe *p, struct err *e)
{
	cleanup_fd int fd = open(t->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail(e, errno, "%s", strerror(errno));
	if (!free_space(fd, false, &p->free_len, e))
		return false;
	p->has_room = true;
	p->free_files = free_files(fd);
	return may_write(t, fd, e);
}
