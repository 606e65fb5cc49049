/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The room on a disk. Mounted file systems are asked by statvfs(3); of others the
 * superblock is read: ext4's counters at 1024 (Linux fs/ext4/ext4.h), XFS' at 0,
 * big-endian (fs/xfs/libxfs/xfs_format.h).
 */
#include "disk_room.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/below.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "machine/mounts.h"

#define SB_LEN 2048
#define EXT4_ERROR_FS 2	/* of s_state */

/* By udev's names, which anybody may look at. */
static bool find_by_name(const struct disk_spec *spec, char device[DEVICE_NAME_MAX])
{
	static const char *const folders[] = {
		[BY_UUID] = "uuid", [BY_LABEL] = "label", [BY_PARTUUID] = "partuuid",
		[BY_PARTLABEL] = "partlabel",
	};
	char name[300], real[PATH_MAX];

	if (spec->by == BY_DEVICE)
		return false;
	snprintf(name, sizeof(name), "/dev/disk/by-%s/%s", folders[spec->by], spec->value);
	for (char *c = name; spec->by != BY_LABEL && spec->by != BY_PARTLABEL && *c; c++)
		if (*c >= 'A' && *c <= 'F')
			*c += 'a' - 'A';
	if (!realpath(name, real) || strlen(real) >= DEVICE_NAME_MAX)
		return false;
	memcpy(device, real, strlen(real) + 1);
	return true;
}

bool disk_room_find(const struct disk_search *s, char device[DEVICE_NAME_MAX],
		    struct err *e)
{
	if ((!s->root[0] && find_by_name(s->spec, device)) || disk_look(s, device))
		return true;
	return fail(e, ENODEV, "no such disk here%s",
		    geteuid() ? " that may be read without being root" : "");
}

/* What sysfs says of it: the part behind the last slash, as it spells it. */
static bool sys_text(const char *device, const char *root, const char *file, char text[64])
{
	char path[PATH_MAX], name[DEVICE_NAME_MAX];
	struct err ignored;

	disk_sys_name(device + strlen("/dev/"), name);
	snprintf(path, sizeof(path), "%s/sys/class/block/%s/%s", root, name, file);
	return read_text(path, text, 64, &ignored);
}

/* The device of a made-up machine is a file, and sysfs' word is all there is. */
static bool number_of(const char *device, const char *root, dev_t *number)
{
	unsigned major, minor;
	struct stat st;
	char text[64];

	if (!root[0] && !stat(device, &st) && S_ISBLK(st.st_mode)) {
		*number = st.st_rdev;
		return true;
	}
	if (!sys_text(device, root, "dev", text) || sscanf(text, "%u:%u", &major, &minor) != 2)
		return false;
	*number = makedev(major, minor);
	return true;
}

bool disk_room_mounted(const char *device, const char *root, struct mount_entry *m)
{
	struct err ignored;
	dev_t number;

	return number_of(device, root, &number) &&
	       mounts_of_device(root, number, m, &ignored);
}

static void find_mount(struct disk_room *r, const char *root)
{
	struct mount_entry m;

	if (!disk_room_mounted(r->device, root, &m))
		return;
	snprintf(r->mounted, sizeof(r->mounted), "%s", m.at);
	r->read_only = m.is_read_only;
	r->stopped = m.is_stopped && !m.is_read_only;
}

static bool ask_mounted(struct disk_room *r, const struct disk_search *s, struct err *e)
{
	char path[PATH_MAX];
	cleanup_fd int fd = -1;
	struct statvfs vfs;

	snprintf(path, sizeof(path), "%s%s", s->root,
		 strcmp(r->mounted, "/") ? r->mounted : "");
	if (statvfs(path[0] ? path : "/", &vfs))
		return fail(e, errno, "%s: free space is unknown: %s", r->mounted,
			    strerror(errno));
	r->free_len = (uint64_t)vfs.f_bfree * vfs.f_frsize;
	fd = below_root(path[0] ? path : "/", e);
	return fd >= 0 && below_look(fd, s->spec->path, &r->has_folder, e);
}

static bool read_superblock(struct disk_room *r, const char *root, uint8_t sb[SB_LEN],
			    struct err *e)
{
	char path[PATH_MAX];
	cleanup_fd int fd = -1;

	snprintf(path, sizeof(path), "%s%s", root, r->device);
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

bool disk_room_look(struct disk_room *r, const struct disk_search *s, struct err *e)
{
	const struct disk_spec *spec = s->spec;
	char path[PATH_MAX], text[64];
	uint8_t sb[SB_LEN];
	struct disk_fs fs;

	memset(r, 0, sizeof(*r));
	if (!disk_look(s, r->device))
		return fail(e, ENODEV, "no disk %s%s here", disk_by(spec), spec->value);
	snprintf(path, sizeof(path), "%s%s", s->root, r->device);
	if (!strncmp(r->device, "/dev/dm-", 8) || !strncmp(r->device, "/dev/md", 7))
		return fail(e, ENOTSUP, "%s is put together by device mapper or md, which the "
			    "capture kernel does not do", r->device);
	if (!disk_probe(path, &fs, e))
		return within(e, "cannot be read (as root?)");
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: neither ext4 nor xfs is on it", r->device);
	memcpy(r->type, fs.type, sizeof(r->type));
	if (sys_text(r->device, s->root, "ro", text) && strcmp(text, "0"))
		return fail(e, EROFS, "%s: the disk is write-protected", r->device);
	find_mount(r, s->root);
	if (!read_superblock(r, s->root, sb, e))
		return false;
	take_errors(r, sb);
	if (r->mounted[0])
		return ask_mounted(r, s, e);
	ask_superblock(r, sb);
	return true;
}
