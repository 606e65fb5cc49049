/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The room on a disk: of a file system that is mounted by statfs(2), else by its superblock. */
#include "disk_room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/below.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "free_space.h"
#include "machine/mounts.h"

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
	if ((!s->root[0] && !s->nqn && find_by_name(s->spec, device)) || disk_look(s, device))
		return true;
	return fail(e, ENODEV, "no such disk here%s",
		    geteuid() ? " that may be read without being root" : "");
}

unsigned disk_room_namesakes(const struct disk_search *s)
{
	static const char *const families[] = { "sd", "vd", "xvd", "hd", "nvme", "mmcblk" };
	const char *name = s->spec->value + strlen("/dev/"), *family = NULL;
	char path[PATH_MAX + 300];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	unsigned n = 0;

	for (size_t i = 0; s->spec->by == BY_DEVICE &&
			   i < sizeof(families) / sizeof(families[0]); i++)
		if (!strncmp(name, families[i], strlen(families[i])))
			family = families[i];
	snprintf(path, sizeof(path), "%s/sys/class/block", s->root);
	dir = family ? opendir(path) : NULL;
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/sys/class/block/%s/partition", s->root,
			 entry->d_name);
		n += !strncmp(entry->d_name, family, strlen(family)) && access(path, F_OK);
	}
	return n ? n : 1;
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

bool disk_room_mounted(const struct disk_search *s, const char *device, struct mount_entry *m,
		       char rest[128])
{
	char path[PATH_MAX];
	struct err ignored;
	struct disk_fs fs;
	dev_t number;

	snprintf(rest, 128, "%s", s->spec->path);
	if (number_of(device, s->root, &number) &&
	    mounts_of_device(s->root, number, m, &ignored))
		return true;
	snprintf(path, sizeof(path), "%s%s", s->root, device);
	if (!disk_probe(path, &fs, &ignored) || strcmp(fs.type, "btrfs") ||
	    !mounts_of_btrfs(s->root, fs.uuid, s->spec->path, m, &ignored))
		return false;
	if (strcmp(m->root, "/"))
		snprintf(rest, 128, "%s", s->spec->path + strlen(m->root));
	if (!rest[0])
		snprintf(rest, 128, "/");
	return true;
}

static void find_mount(struct disk_room *r, const struct disk_search *s,
		       const struct disk_fs *fs)
{
	char path[PATH_MAX];
	struct mount_entry m;

	snprintf(path, sizeof(path), "%s/sys/fs/btrfs/%s", s->root, fs->uuid);
	if (!disk_room_mounted(s, r->device, &m, r->path)) {
		r->in_use = !strcmp(fs->type, "btrfs") && !access(path, F_OK);
		return;
	}
	snprintf(r->mounted, sizeof(r->mounted), "%s", m.at);
	r->read_only = m.is_read_only;
	r->stopped = m.is_stopped && !m.is_read_only;
}

static bool ask_mounted(struct disk_room *r, const struct disk_search *s, struct err *e)
{
	char path[PATH_MAX];
	cleanup_fd int fd = -1;

	snprintf(path, sizeof(path), "%s%s", s->root,
		 strcmp(r->mounted, "/") ? r->mounted : "");
	fd = below_root(path[0] ? path : "/", e);
	r->free_files = fd < 0 ? FILES_UNKNOWN : free_files(fd);
	return fd >= 0 &&
	       (free_space(fd, true, &r->free_len, e) || within(e, "%s", r->mounted)) &&
	       below_look(fd, r->path, &r->has_folder, e);
}

bool disk_room_look(struct disk_room *r, const struct disk_search *s, struct err *e)
{
	const struct disk_spec *spec = s->spec;
	char path[PATH_MAX], text[64];
	uint8_t sb[SUPERBLOCK_LEN];
	struct disk_fs fs;

	memset(r, 0, sizeof(*r));
	if (!disk_look(s, r->device))
		return fail(e, ENODEV, "no disk %s%s here", disk_by(spec), spec->value);
	snprintf(path, sizeof(path), "%s%s", s->root, r->device);
	if (!disk_probe(path, &fs, e))
		return within(e, "cannot be read (as root?)");
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: none of " DISK_FILE_SYSTEMS " is on it", r->device);
	memcpy(r->type, fs.type, sizeof(r->type));
	if (sys_text(r->device, s->root, "ro", text) && strcmp(text, "0"))
		return fail(e, EROFS, "%s: the disk is write-protected", r->device);
	find_mount(r, s, &fs);
	if (!disk_superblock(path, r->type, sb, e))
		return false;
	r->n_errors = superblock_errors(r->type, sb);
	if (r->mounted[0])
		return ask_mounted(r, s, e);
	r->free_len = superblock_free(r->type, sb);
	r->free_files = superblock_free_files(r->type, sb);
	return true;
}
