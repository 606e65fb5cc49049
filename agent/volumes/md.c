/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays of md, by its ioctls (Linux include/uapi/linux/raid/md_u.h; SET_ARRAY_INFO without
 * disks is "read the superblocks", drivers/md/md.c). start_ro has an array come up without
 * anything being repaired, and a frozen sync_action keeps it so once it is written to.
 */
#include "md.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <linux/raid/md_u.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"

#define PARAMETERS "/sys/module/md_mod/parameters/"

/* One that an attempt before us has started. */
static bool is_running(const char *name)
{
	char path[64], state[32];
	struct err ignored;

	snprintf(path, sizeof(path), "/sys/block/%s/md/array_state", name);
	return read_text(path, state, sizeof(state), &ignored) && strcmp(state, "clear") &&
	       strcmp(state, "inactive");
}

static bool freeze(const char *name, struct err *e)
{
	char path[64], level[16];
	struct err ignored;

	snprintf(path, sizeof(path), "/sys/block/%s/md/level", name);
	if (read_text(path, level, sizeof(level), &ignored) && !strcmp(level, "raid0"))
		return true;	/* there is nothing to be repaired by */
	snprintf(path, sizeof(path), "/sys/block/%s/md/sync_action", name);
	return write_text(path, "frozen", e);
}

/* What is half done goes again. */
static bool give_up(int fd, const char *name, const char *what, struct err *e)
{
	int code = errno;

	ioctl(fd, STOP_ARRAY, NULL);
	return fail(e, code, "%s: %s: %s", name, what, strerror(code));
}

static bool run(int fd, const char *name, unsigned minor_version,
		const struct md_member *members, unsigned n, struct err *e)
{
	mdu_array_info_t array = { .major_version = 1, .minor_version = minor_version };
	unsigned n_in = 0;

	if (ioctl(fd, SET_ARRAY_INFO, &array))
		return give_up(fd, name, "cannot be set up", e);
	for (unsigned i = 0; i < n; i++) {
		mdu_disk_info_t disk = { .major = members[i].major,
					 .minor = members[i].minor };

		if (!ioctl(fd, ADD_NEW_DISK, &disk))
			n_in++;
		else
			log_warn("%s: member %u:%u is left out: %s", name, disk.major,
				 disk.minor, strerror(errno));
	}
	if (!n_in || ioctl(fd, RUN_ARRAY, NULL))
		return give_up(fd, name, "cannot be started", e);
	return true;
}

/* One that is there and does not run is what an attempt that died has left. */
static int open_new(const char *name, struct err *e)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/sys/block/%s", name);
	if (access(path, F_OK) && !write_text(PARAMETERS "new_array", name, e))
		return within(e, "md (is md_mod there?)"), -1;
	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(e, errno, "%s: %s", path, strerror(errno));
	return fd;
}

bool md_start(unsigned n_array, unsigned minor_version, const struct md_member *members,
	      unsigned n, struct err *e)
{
	char name[16];
	cleanup_fd int fd = -1;

	snprintf(name, sizeof(name), "md%u", n_array);
	if (!is_running(name)) {
		if (!write_text(PARAMETERS "start_ro", "1", e))
			return within(e, "md (is md_mod there?)");
		fd = open_new(name, e);
		if (fd < 0 || !run(fd, name, minor_version, members, n, e))
			return false;
	}
	if (freeze(name, e))
		return true;
	if (fd >= 0)
		ioctl(fd, STOP_ARRAY, NULL);
	return within(e, "%s would be repaired while it is written to", name);
}
