/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening paths below a folder. openat2(2) does it (Linux 5.6, RESOLVE_IN_ROOT); where
 * the kernel has none, a path with a link in it is refused, for nobody else resolves
 * links in another root without a race.
 */
#include "below.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "cleanup.h"
#include "err.h"

#define OPEN_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#define MAX_TRIES 16		/* while others rename what is on the way */
#define PATH_LEN 400

/* include/uapi/linux/openat2.h, which not every libc brings along. */
#define SYS_OPENAT2 437
#define NO_MAGICLINKS 0x02
#define IN_ROOT 0x10

struct open_how {
	uint64_t flags, mode, resolve;
};

int below_root(const char *root, struct err *e)
{
	int fd = root ? open(root, O_PATH | O_DIRECTORY | O_CLOEXEC) : AT_FDCWD;

	if (root && fd < 0)
		fail(e, errno, "%s: cannot open: %s", root, strerror(errno));
	return fd;
}

/* Step by step, and no link is followed. */
static int open_plainly(int root_fd, const char *path)
{
	int fd = openat(root_fd, ".", OPEN_FLAGS);
	char name[256];
	struct stat st;

	while (fd >= 0) {
		cleanup_fd int at = fd;
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (!len)
			return take_fd(&at);
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		path += len;
		if (len >= sizeof(name) || !strcmp(name, "..")) {
			errno = len >= sizeof(name) ? ENAMETOOLONG : EXDEV;
			return -1;
		}
		fd = openat(at, name, OPEN_FLAGS | O_NOFOLLOW);
		if (fd < 0 && !fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
			errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
	}
	return -1;
}

static int open_in_root(int root_fd, const char *path)
{
	const struct open_how how = { .flags = OPEN_FLAGS, .resolve = IN_ROOT | NO_MAGICLINKS };
	int fd = -1;

	for (int i = 0; i < MAX_TRIES; i++) {
		fd = syscall(SYS_OPENAT2, root_fd, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* EPERM is what sandboxes say of calls that they do not know. */
	return fd < 0 && (errno == ENOSYS || errno == EPERM) ? open_plainly(root_fd, path)
							     : fd;
}

/* statx(2), Linux include/uapi/linux/stat.h, which not every libc brings along. */
#define STATX_MOUNT 0x1000
#define STATX_MOUNT_AT 0x90

static bool mount_of(int fd, uint64_t *id)
{
	uint8_t st[256];

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_MOUNT, st) ||
	    !(get_u32(st) & STATX_MOUNT))
		return false;
	*id = get_u64(st + STATX_MOUNT_AT);
	return true;
}

/* By chattr +i, or +a: not even root makes files in it, or gives one another name. */
#define STATX_ATTRIBUTES_AT 8
#define STATX_LOCKED 0x30

static bool is_locked(int fd)
{
	uint8_t st[256];

	return !syscall(SYS_statx, fd, "", AT_EMPTY_PATH, 0, st) &&
	       get_u64(st + STATX_ATTRIBUTES_AT) & STATX_LOCKED;
}

static bool fail_locked(const char *path, struct err *e)
{
	return fail(e, EPERM, "%s: nothing can be made there (chattr -i -a)", path);
}

/* Subvolumes have device numbers of their own, and are of one mount. */
static bool is_one(int root_fd, int fd)
{
	struct stat root, st;
	uint64_t mounts[2];

	return !fstat(root_fd, &root) && !fstat(fd, &st) &&
	       (root.st_dev == st.st_dev || (mount_of(root_fd, &mounts[0]) &&
					     mount_of(fd, &mounts[1]) &&
					     mounts[0] == mounts[1]));
}

int below_open(int root_fd, const char *path, struct err *e)
{
	int fd = root_fd == AT_FDCWD ? open(path, OPEN_FLAGS) : open_in_root(root_fd, path);

	if (fd < 0) {
		fail(e, errno, "%s: cannot open the folder: %s", path, strerror(errno));
		return -1;
	}
	if (root_fd == AT_FDCWD || is_one(root_fd, fd))
		return fd;
	close(fd);
	fail(e, EXDEV, "%s: the folder lies on another file system than the target's", path);
	return -1;
}

/*
 * Goes through the path, opening each folder in turn. Those that are not there are made and
 * counted, or (NULL) the first of them ends it, with *there_ret false.
 */
static bool walk(int root_fd, const char *path, unsigned *n_made, bool *there_ret,
		 struct err *e)
{
	size_t len = strlen(path), start = 0;
	cleanup_fd int at = -1;
	char part[PATH_LEN];

	if (!len || len >= sizeof(part))
		return fail(e, ENAMETOOLONG, "folder name of %zu characters", len);
	at = below_open(root_fd, path[0] == '/' ? "/" : ".", e);
	for (size_t i = 0; at >= 0 && i <= len; i++) {
		struct stat st;
		char *name;

		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		name = part + start;
		start = i + 1;
		if (!*name)
			continue;
		if (!n_made && fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT) {
			*there_ret = false;
			return !is_locked(at) || fail_locked(part, e);
		}
		if (n_made && !mkdirat(at, name, 0700)) {
			++*n_made;
			fsync(at);
		} else if (n_made && errno != EEXIST) {
			return fail(e, errno, "%s: cannot make the folder: %s", part,
				    strerror(errno));
		}
		close(at);
		at = below_open(root_fd, part, e);
	}
	*there_ret = at >= 0;
	if (at >= 0 && !n_made && is_locked(at))
		return fail_locked(path, e);
	return at >= 0;
}

bool below_make(int root_fd, const char *path, unsigned *n_made, struct err *e)
{
	bool there;

	return walk(root_fd, path, n_made, &there, e);
}

bool below_look(int root_fd, const char *path, bool *there_ret, struct err *e)
{
	return walk(root_fd, path, NULL, there_ret, e);
}

bool below_remove(int root_fd, const char *path)
{
	const char *slash = strrchr(path, '/');
	cleanup_fd int parent = -1;
	char above[PATH_LEN] = ".";
	struct err ignored;

	if (slash)
		snprintf(above, sizeof(above), "%.*s", slash > path ? (int)(slash - path) : 1,
			 path);
	parent = below_open(root_fd, above, &ignored);
	return parent >= 0 && !unlinkat(parent, slash ? slash + 1 : path, AT_REMOVEDIR);
}
