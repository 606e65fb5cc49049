/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two calls of Linux include/uapi/linux/btrfs.h. */
#include "btrfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/numbers.h"

#define CONTROL "/dev/btrfs-control"

bool btrfs_register(const char *device, struct err *e)
{
	cleanup_fd int fd = open(CONTROL, O_RDWR | O_CLOEXEC);
	struct btrfs_ioctl_vol_args args = { .fd = 0 };

	if (fd < 0)
		return fail(e, ENODEV, CONTROL ": %s (is module btrfs in the image?)",
			    strerror(errno));
	snprintf(args.name, sizeof(args.name), "%s", device);
	return !ioctl(fd, BTRFS_IOC_SCAN_DEV, &args) ||
	       fail(e, errno, "%s: btrfs does not take it: %s", device, strerror(errno));
}

bool btrfs_is_at(const char *where, const char *uuid)
{
	cleanup_fd int fd = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct btrfs_ioctl_fs_info_args args = { .num_devices = 0 };
	char hex[33];
	unsigned n = 0;

	if (fd < 0 || ioctl(fd, BTRFS_IOC_FS_INFO, &args))
		return false;
	format_hex(hex, args.fsid, 16);
	for (; *uuid; uuid++)
		if (*uuid != '-' && (n == 32 || strncasecmp(uuid, &hex[n++], 1)))
			return false;
	return n == 32;
}
