/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounted file systems are asked by statvfs(3); of others the superblock is read: ext4's
 * counters at 1024 (Linux fs/ext4/ext4.h), XFS' at 0, big-endian (fs/xfs/libxfs/xfs_format.h).
 */
#include "disk_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/below.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "host/mounts.h"

#define SB_LEN 2048
#define EXT4_ERROR_FS 2	/* of s_state */

/* The part behind the last slash, as sysfs spells it. */
static bool sys_text(const struct disk_room *r, const char *root, const char *file, char *text,
		     size_t size)
{
	char path[HOST_PATH_MAX], name[DEVICE_NAME_MAX];
	struct err ignored;

	disk_sys_name(r->device + strlen("/dev/"), name);
	snprintf(path, sizeof(path), "/sys/class/block/%s/%s", name, file);
	return root_read(root, path, text, size, &ignored);
}

/* Where the whole of the device with this number, "8:1", is mounted. */
static void find_mount(struct disk_room *r, const char *root, const char *number)
{
	char text[MOUNT_TEXT], dev[32];
	const char *at = text;
	struct mount_entry m;
	struct err ignored;

	if (!root_read(root, "/proc/self/mountinfo", text, sizeof(text), &ignored))
		return;
	while (mounts_next(&at, &m)) {
		snprintf(dev, sizeof(dev), "%u:%u", m.major, m.minor);
		if (strcmp(dev, number) || strcmp(m.root, "/") || mounts_is_hidden(at, &m))
			continue;
		snprintf(r->mounted, sizeof(r->mounted), "%s", m.at);
		r->read_only = m.is_read_only;
		r->stopped = m.is_stopped && !m.is_read_only;
		return;
	}
}

static bool ask_mounted(struct disk_room *r, const struct disk_spec *spec, const char *root,
			struct err *e)
{
	char path[HOST_PATH_MAX];
	cleanup_fd int fd = -1;
	struct statvfs vfs;
	bool top = !strcmp(r->mounted, "/");

	if (!root_path(path, root, top ? "" : r->mounted, e))
		return false;
	if (statvfs(path[0] ? path : "/", &vfs))
		return fail(e, errno, "%s: free space is unknown: %s", r->mounted,
			    strerror(errno));
	r->free_len = (uint64_t)vfs.f_bfree * vfs.f_frsize;
	fd = below_root(path[0] ? path : "/", e);
	return fd >= 0 && below_look(fd, spec->path, &r->has_folder, e);
}

static bool read_superblock(struct disk_room *r, const char *root, uint8_t sb[SB_LEN],
			    struct err *e)
{
	char path[HOST_PATH_MAX];
	cleanup_fd int fd = -1;

	if (!root_path(path, root, r->device, e))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	return pread_all(fd, sb, SB_LEN, 0, r->device, e);
}

/* Its own account of errors: the flag, which fsck takes away, or how many there were. */
static void take_errors(struct disk_room *r, const uint8_t *sb)
{
	if (strcmp(r->type, "ext4"))
		return;
	r->n_errors = get_u32(sb + 1024 + 0x194);
	if (get_u16(sb + 1024 + 0x3a) & EXT4_ERROR_FS && !r->n_errors)
		r->n_errors = 1;
}

static void ask_superblock(struct disk_room *r, const uint8_t *sb)
{
	if (!strcmp(r->type, "xfs")) {
		r->free_len = __builtin_bswap64(get_u64(sb + 144)) *
			      __builtin_bswap32(get_u32(sb + 4));
		return;
	}
	r->free_len = get_u32(sb + 1024 + 0x0c);
	if (get_u32(sb + 1024 + 0x60) & 0x80)	/* INCOMPAT_64BIT */
		r->free_len |= (uint64_t)get_u32(sb + 1024 + 0x158) << 32;
	r->free_len <<= 10 + (get_u32(sb + 1024 + 0x18) & 31);
}

bool disk_room_look(struct disk_room *r, const struct disk_spec *spec, const char *root,
		    struct err *e)
{
	char path[HOST_PATH_MAX], text[64];
	uint8_t sb[SB_LEN];
	struct disk_fs fs;

	memset(r, 0, sizeof(*r));
	if (!disk_look(spec, root, NULL, r->device))
		return fail(e, ENODEV, "no disk %s%s here", spec->by == BY_UUID ? "UUID=" :
			    spec->by == BY_LABEL ? "LABEL=" : "", spec->value);
	if (!root_path(path, root, r->device, e))
		return false;
	if (!strncmp(r->device, "/dev/dm-", 8) || !strncmp(r->device, "/dev/md", 7))
		return fail(e, ENOTSUP, "%s is put together by device mapper or md, which the "
			    "capture kernel does not do", r->device);
	if (!disk_probe(path, &fs, e))
		return within(e, "cannot be read (as root?)");
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: neither ext4 nor xfs is on it", r->device);
	memcpy(r->type, fs.type, sizeof(r->type));
	if (sys_text(r, root, "ro", text, sizeof(text)) && strcmp(text, "0"))
		return fail(e, EROFS, "%s: the disk is write-protected", r->device);
	if (sys_text(r, root, "dev", text, sizeof(text)))
		find_mount(r, root, text);
	if (!read_superblock(r, root, sb, e))
		return false;
	take_errors(r, sb);
	if (r->mounted[0])
		return ask_mounted(r, spec, root, e);
	ask_superblock(r, sb);
	return true;
}
