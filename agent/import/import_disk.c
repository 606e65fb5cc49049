/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders on disks, as other tools name them, become targets of ours. */
#include "import.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "machine/mounts.h"
#include "targets/disk.h"

/* A name in /dev/disk/by-uuid that leads to that device. */
static bool find_uuid(dev_t dev, char uuid[64])
{
	cleanup_dir DIR *dir = opendir("/dev/disk/by-uuid");
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (fstatat(dirfd(dir), entry->d_name, &st, 0) || !S_ISBLK(st.st_mode) ||
		    st.st_rdev != dev || strlen(entry->d_name) >= 64)
			continue;
		snprintf(uuid, 64, "%s", entry->d_name);
		return true;
	}
	return false;
}

/* "/dev/VG/LV": a folder of /dev that is none of those which others have there. */
static bool is_volume(const char *device)
{
	static const char *const folders[] = {
		"disk", "block", "cciss", "ida", "rd", "i2o", "mapper", "md",
	};
	const char *name = device + strlen("/dev/"), *slash;

	if (strncmp(device, "/dev/", strlen("/dev/")) || !(slash = strchr(name, '/')))
		return false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strlen(folders[i]) == (size_t)(slash - name) &&
		    !strncmp(name, folders[i], slash - name))
			return false;
	return true;
}

/* What is put together by programs, and not here to be asked what is on it. */
static bool is_gone_volume(struct import *m, const char *device)
{
	static const struct { const char *prefix, *name; } kinds[] = {
		{ "/dev/mapper/", "LVM, dm-crypt or multipath" },
		{ "/dev/dm-", "LVM, dm-crypt or multipath" }, { "/dev/md", "RAID" },
	};
	char real[PATH_MAX];
	const char *kind = NULL;
	struct disk_fs fs;
	struct err ignored;

	if (!realpath(device, real))
		snprintf(real, sizeof(real), "%s", device);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(device, kinds[i].prefix, strlen(kinds[i].prefix)) ||
		    !strncmp(real, kinds[i].prefix, strlen(kinds[i].prefix)))
			kind = kinds[i].name;
	if (!kind && is_volume(real))
		kind = "LVM";
	if (!kind || (disk_probe(device, &fs, &ignored) && fs.uuid[0]))
		return false;
	import_note(m, NOTE_LOST, "%s is %s, and is not here: name its file system by UUID= or "
		    "LABEL=", device, kind);
	return true;
}

/* udev writes what it does not like in a name as "\\x20". */
static void decode_name(char *name)
{
	char *to = name;

	for (const char *at = name; *at; at++) {
		unsigned c;

		if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &c) == 1 &&
		    strspn(at + 2, "0123456789abcdefABCDEF") >= 2) {
			*to++ = c;
			at += 3;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
}

/* "UUID=..." of a device that is there, by its superblock or by udev's word. */
static void name_device(const char *device, char name[160])
{
	char uuid[64] = "";
	struct disk_fs fs;
	struct err ignored;
	struct stat st;

	if (disk_probe(device, &fs, &ignored) && fs.uuid[0])
		snprintf(uuid, sizeof(uuid), "%s", fs.uuid);
	else if (stat(device, &st) || !S_ISBLK(st.st_mode) || !find_uuid(st.st_rdev, uuid))
		uuid[0] = '\0';
	if (uuid[0])
		snprintf(name, 160, "UUID=%s", uuid);
	else
		snprintf(name, 160, "%.159s", device);
}

void import_disk(struct import *m, const char *device, const char *path)
{
	static const struct { const char *folder, *key; } links[] = {
		{ "/dev/disk/by-uuid/", "UUID=" }, { "/dev/disk/by-label/", "LABEL=" },
		{ "/dev/disk/by-partuuid/", "PARTUUID=" },
		{ "/dev/disk/by-partlabel/", "PARTLABEL=" },
	};
	char name[160], target[400];
	struct disk_spec spec;
	struct err e;

	if (is_gone_volume(m, device))
		return;
	snprintf(name, sizeof(name), "%.159s", device);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (!strncmp(device, links[i].folder, strlen(links[i].folder)))
			snprintf(name, sizeof(name), "%s%s", links[i].key,
				 device + strlen(links[i].folder));
	decode_name(name);
	for (const char *c = name; *c; c++) {
		if (*c == printable(*c))
			continue;
		import_note(m, NOTE_LOST, "%s: a name with other than printable ASCII: "
			    "write its UUID=", device);
		return;
	}
	if (!strncmp(name, "/dev/", 5))
		name_device(device, name);
	snprintf(target, sizeof(target), "disk:%s:%s", name, path);
	if (!disk_parse(&spec, target + strlen("disk:"), &e)) {
		import_note(m, NOTE_LOST, "%s", e.text);
		return;
	}
	import_put_target(m, target);
	if (!strncmp(name, "/dev/", 5))
		import_note(m, NOTE_TODO, "%s may be called otherwise in the "
			    "capture kernel: write its UUID= or LABEL=", name);
}

/* The nearest folder above that exists; the rest of the way is made when it is needed. */
static bool find_folder(const char *path, struct mount_entry *mount, char on_fs[256],
			struct err *e)
{
	char folder[256], rest[256] = "";

	if (*path != '/')
		return fail(e, EINVAL, "'%.100s' is not a path from '/' on", path);
	if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder))
		return fail(e, ENAMETOOLONG, "'%.100s...' is longer than %zu characters", path,
			    sizeof(folder) - 1);
	while (access(folder, F_OK) && strcmp(folder, "/")) {
		char *slash = strrchr(folder, '/'), deeper[256];

		snprintf(deeper, sizeof(deeper), "%s%s", slash, rest);
		memcpy(rest, deeper, sizeof(rest));
		slash[slash == folder] = '\0';
	}
	if (!mounts_holding(folder, mount, on_fs, e))
		return false;
	if (rest[0] && snprintf(folder, sizeof(folder), "%s%s",
				strcmp(on_fs, "/") ? on_fs : "", rest) < 256)
		snprintf(on_fs, 256, "%s", folder);
	return true;
}

void import_local(struct import *m, const char *path)
{
	struct mount_entry mount;
	char on_fs[256];
	struct err e;

	if (!find_folder(path, &mount, on_fs, &e)) {
		import_note(m, NOTE_LOST, "%s", e.text);
	} else if (strncmp(mount.type, "ext", 3) && strcmp(mount.type, "xfs") &&
		   strcmp(mount.type, "btrfs")) {
		import_note(m, NOTE_LOST, "%s lies on %s (%s): none of "
			    DISK_FILE_SYSTEMS, path, mount.source, mount.type);
	} else {
		import_disk(m, mount.source, on_fs);
	}
}
