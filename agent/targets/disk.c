/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks and their file systems. There is no udev, so devices are looked up in
 * /sys/class/block each time.
 */
#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "btrfs.h"
#include "nvme.h"
#include "partition.h"

#define BATCH 128		/* names of devices that are sorted at a time */
#define POLL_S 0.1	/* between two looks for a device */

/* ---- names ------------------------------------------------------------------ */

static const char *const by_words[] = {
	[BY_UUID] = "UUID=", [BY_LABEL] = "LABEL=", [BY_PARTUUID] = "PARTUUID=",
	[BY_PARTLABEL] = "PARTLABEL=", [BY_DEVICE] = "/dev/",
};

#define N_BY (sizeof(by_words) / sizeof(by_words[0]))

static bool copy(char *to, size_t size, const char *from, size_t len, const char *what,
		 struct err *e)
{
	if (!len || len >= size)
		return fail(e, EINVAL, "%s of %zu characters", what, len);
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

bool disk_parse(struct disk_spec *spec, const char *text, struct err *e)
{
	const char *colon;

	memset(spec, 0, sizeof(*spec));
	for (size_t i = 0; i < N_BY; i++) {
		size_t n = strlen(by_words[i]);

		if (strncmp(text, by_words[i], n))
			continue;
		spec->by = i;
		if (spec->by != BY_DEVICE)
			text += n;
		/* Device names may have colons (by-path), folders start with a slash. */
		colon = strstr(text, ":/");
		if (!copy(spec->value, sizeof(spec->value), text,
			  colon ? (size_t)(colon - text) : strlen(text), "device name", e))
			return false;
		if ((spec->by == BY_UUID || spec->by == BY_PARTUUID) &&
		    strspn(spec->value, "0123456789abcdefABCDEF-") != strlen(spec->value))
			return fail(e, EINVAL, "'%s' is not a UUID", spec->value);
		text = colon ? colon + 1 : DISK_DEFAULT_PATH;
		if (!strncmp(spec->value, "/dev/disk/", 10) ||
		    !strncmp(spec->value, "/dev/mapper/", 12))
			return fail(e, EINVAL, "'%s' is udev's work, and the capture kernel "
				    "has no udev: use UUID=, LABEL=, "
				    "PARTUUID= or PARTLABEL=", spec->value);
		if (strstr(text, "/../") || (strlen(text) > 2 &&
					    !strcmp(text + strlen(text) - 3, "/..")))
			return fail(e, EINVAL, "folder '%s' leads upwards", text);
		return copy(spec->path, sizeof(spec->path), text, strlen(text), "folder", e);
	}
	return fail(e, EINVAL, "'%s' is none of UUID=..., LABEL=..., PARTUUID=..., "
		    "PARTLABEL=..., /dev/...", text);
}

const char *disk_by(const struct disk_spec *spec)
{
	return spec->by == BY_DEVICE ? "" : by_words[spec->by];
}

/* ---- devices ---------------------------------------------------------------- */

static bool matches(const struct disk_spec *spec, const struct disk_fs *fs)
{
	return spec->by == BY_UUID ? !strcasecmp(spec->value, fs->uuid)
				   : !strcmp(spec->value, fs->label);
}

static bool has_hung(const struct hung_devices *hung, const char *device)
{
	for (unsigned i = 0; hung && i < hung->n; i++)
		if (!strcmp(hung->names[i], device))
			return true;
	return false;
}

/* A device of a made-up machine, below a root of its own, is a plain file. */
static bool is_device(const char *root, const char *device)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", root, device);
	return !stat(path, &st) && (S_ISBLK(st.st_mode) || (*root && S_ISREG(st.st_mode)));
}

static void swap(char *text, char from, char to)
{
	for (char *c = text; *c; c++)
		if (*c == from)
			*c = to;
}

void disk_sys_name(const char *name, char sys_name[DEVICE_NAME_MAX])
{
	snprintf(sys_name, DEVICE_NAME_MAX, "%s", name);
	swap(sys_name, '/', '!');
}

/* Names in the order in which the kernel counts them: readdir(3) has none. */
struct batch {
	char names[BATCH][DEVICE_NAME_MAX - 8];
	unsigned n;
};

/* The first of those that come behind `after`. */
static void next_names(const char *folder, const char *after, struct batch *b)
{
	cleanup_dir DIR *dir = opendir(folder);
	const struct dirent *entry;

	b->n = 0;
	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;
		unsigned i = b->n;

		if (name[0] == '.' || strlen(name) >= sizeof(b->names[0]) ||
		    (*after && strverscmp(name, after) <= 0))
			continue;
		while (i && strverscmp(b->names[i - 1], name) > 0)
			i--;
		if (i == BATCH)
			continue;
		b->n += b->n < BATCH;
		memmove(b->names[i + 1], b->names[i], (b->n - 1 - i) * sizeof(b->names[0]));
		strcpy(b->names[i], name);
	}
}

static void dev_name(const char *sys_name, char device[DEVICE_NAME_MAX])
{
	snprintf(device, DEVICE_NAME_MAX, "/dev/%.*s", DEVICE_NAME_MAX - 6, sys_name);
	swap(device, '!', '/');
}

/* Its table is on the disk, which is what is touched meanwhile. */
static bool is_partition(const struct disk_search *s, const char *name,
			 char device[DEVICE_NAME_MAX])
{
	const struct disk_spec *spec = s->spec;
	char disk[PARTITION_NAME_MAX];
	struct partition p;
	struct err ignored;

	if (!partition_disk(s->root, name, disk))
		return false;
	dev_name(disk, device);
	if (has_hung(s->hung, device) || !partition_read(s->root, name, disk, &p, &ignored))
		return false;
	dev_name(name, device);
	return !has_hung(s->hung, device) &&
	       (spec->by == BY_PARTUUID ? !strcasecmp(spec->value, p.uuid)
					: !strcmp(spec->value, p.label));
}

static bool is_it(const struct disk_search *s, const char *name,
		  char device[DEVICE_NAME_MAX])
{
	char path[PATH_MAX];
	struct disk_fs fs;
	struct err ignored;

	if (s->nqn && !nvme_is_of(s->root, name, s->nqn))
		return false;
	if (s->spec->by == BY_PARTUUID || s->spec->by == BY_PARTLABEL)
		return is_partition(s, name, device);
	dev_name(name, device);
	snprintf(path, sizeof(path), "%s%s", s->root, device);
	return !has_hung(s->hung, device) && disk_probe(path, &fs, &ignored) && fs.type[0] &&
	       matches(s->spec, &fs);
}

bool disk_is_assembled(const char *name)
{
	return !strncmp(name, "dm-", 3) || !strncmp(name, "md", 2);
}

/* A leg of a mirror, or another part of something, has a holder. */
static bool is_part(const struct disk_search *s, const char *name)
{
	char path[PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/holders", s->root, name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (disk_is_assembled(entry->d_name))
			return true;
	return false;
}

bool disk_look(const struct disk_search *s, char device[DEVICE_NAME_MAX])
{
	char assembled[DEVICE_NAME_MAX] = "";
	char folder[PATH_MAX], after[DEVICE_NAME_MAX] = "";
	struct batch b;

	if (s->spec->by == BY_DEVICE) {
		snprintf(device, DEVICE_NAME_MAX, "%s", s->spec->value);
		return is_device(s->root, device) && !has_hung(s->hung, device);
	}
	snprintf(folder, sizeof(folder), "%s/sys/class/block", s->root);
	do {
		next_names(folder, after, &b);
		for (unsigned i = 0; i < b.n; i++) {
			if (!is_it(s, strcpy(after, b.names[i]), device))
				continue;
			if (!disk_is_assembled(after))
				return true;
			if (!is_part(s, after))
				snprintf(assembled, sizeof(assembled), "%s", device);
		}
	} while (b.n == BATCH);
	snprintf(device, DEVICE_NAME_MAX, "%s", assembled);
	return device[0];
}

/* That the file system which a look finds is spread over. */
static uint64_t n_devices_of(const struct disk_search *s)
{
	char device[DEVICE_NAME_MAX], path[PATH_MAX];
	struct disk_fs fs;
	struct err ignored;

	if (!disk_look(s, device))
		return 1;
	snprintf(path, sizeof(path), "%s%s", s->root, device);
	return disk_probe(path, &fs, &ignored) && fs.n_devices ? fs.n_devices : 1;
}

unsigned disk_count(const struct disk_search *s)
{
	char folder[PATH_MAX], after[DEVICE_NAME_MAX] = "", device[DEVICE_NAME_MAX];
	bool is_named = s->spec->by == BY_DEVICE;
	unsigned n = 0;
	struct batch b;

	snprintf(folder, sizeof(folder), "%s/sys/class/block", s->root);
	do {
		next_names(folder, after, &b);
		for (unsigned i = 0; !is_named && i < b.n; i++)
			n += !disk_is_assembled(strcpy(after, b.names[i])) &&
			     is_it(s, after, device);
	} while (!is_named && b.n == BATCH);
	return n > 1 ? (n + n_devices_of(s) - 1) / n_devices_of(s) : n;
}

double disk_wait_end(const struct disk_wait *wait, double began, double appeared)
{
	double end = (appeared > began ? appeared : began) + wait->least_s;

	return end < began + wait->most_s ? end : began + wait->most_s;
}

static unsigned count_devices(void)
{
	cleanup_dir DIR *dir = opendir("/sys/class/block");
	unsigned n = 0;

	while (dir && readdir(dir))
		n++;
	return n;
}

bool disk_next_part(const struct disk_search *s, const struct disk_fs *fs,
		    char after[DEVICE_NAME_MAX], char device[DEVICE_NAME_MAX])
{
	struct disk_spec spec = { .by = BY_UUID };
	struct disk_search of = *s;
	char folder[PATH_MAX];
	struct batch b;

	of.spec = &spec;
	snprintf(spec.value, sizeof(spec.value), "%s", fs->uuid);
	snprintf(folder, sizeof(folder), "%s/sys/class/block", s->root);
	do {
		next_names(folder, after, &b);
		for (unsigned i = 0; i < b.n; i++)
			if (is_it(&of, strcpy(after, b.names[i]), device))
				return true;
	} while (b.n == BATCH);
	return false;
}

/* All devices of a btrfs are told to the kernel. False: not all are there, or e says why. */
static bool gather(const struct disk_search *s, const char *first, struct err *e)
{
	char after[DEVICE_NAME_MAX] = "", device[DEVICE_NAME_MAX];
	struct disk_fs fs;
	unsigned n = 0;

	if (!disk_probe(first, &fs, e) || fs.n_devices <= 1)
		return true;
	while (n < fs.n_devices && disk_next_part(s, &fs, after, device)) {
		if (!btrfs_register(device, e))
			return false;
		n++;
	}
	return n == fs.n_devices ||
	       fail(e, ENODEV, "%u of the %" PRIu64 " devices of its btrfs are there", n,
		    fs.n_devices);
}

bool disk_find(const struct disk_search *s, const struct disk_wait *wait,
	       char device[DEVICE_NAME_MAX], struct err *e)
{
	struct err lacks = { .text = "is its driver in the image, is the name right?" };
	const struct disk_spec *spec = s->spec;
	double began = monotonic_seconds(), appeared = 0;
	unsigned n_devices = count_devices(), n;

	while (!disk_look(s, device) || !gather(s, device, &lacks)) {
		if (has_hung(s->hung, spec->value))
			return fail(e, ENODEV, "%s: somebody has hung on it before",
				    spec->value);
		n = count_devices();
		if (n > n_devices)
			appeared = monotonic_seconds();
		n_devices = n;
		if (monotonic_seconds() >= disk_wait_end(wait, began, appeared))
			return fail(e, ENODEV, "no disk %s%s after %.0f s: %s", disk_by(spec),
				    spec->value, monotonic_seconds() - began, lacks.text);
		__atomic_fetch_add(s->alive, 1, __ATOMIC_RELAXED);
		pause_seconds(POLL_S);
	}
	return true;
}

/* Whatever mount(2) says: what is written below `where` must end up on the device. */
static bool is_mounted(const char *device, const struct disk_fs *fs, const char *where)
{
	struct stat dev, dir;

	if (!strcmp(fs->type, "btrfs"))
		return btrfs_is_at(where, fs->uuid);
	return !stat(device, &dev) && !stat(where, &dir) && dev.st_rdev == dir.st_dev;
}

/*
 * An ext4 whose superblock says errors=panic would end the kernel that looks at it, in a
 * capture for the second time. Even a read-only mount replays a journal, under whoever else
 * has the disk, and fails where it is write-protected.
 */
static const struct {
	const char *type, *to_write, *to_look;
} options[] = {
	{ "ext4", "errors=remount-ro", "errors=remount-ro,norecovery" },
	{ "xfs", NULL, "norecovery" },
	/* Its top, above all subvolumes, whichever is the usual one. */
	{ "btrfs", "subvolid=5", "subvolid=5,rescue=nologreplay" },
};

const char *disk_mount_options(const char *type, bool to_write)
{
	size_t i = 0;

	while (strcmp(options[i].type, type))
		if (++i == sizeof(options) / sizeof(options[0]))
			return NULL;
	return to_write ? options[i].to_write : options[i].to_look;
}

static bool mount_as(const char *device, const char *where, bool to_write, struct err *e)
{
	unsigned long flags = MS_NOATIME | MS_NODEV | MS_NOEXEC | MS_NOSUID |
			      (to_write ? 0 : MS_RDONLY);
	struct disk_fs fs;

	if (!disk_probe(device, &fs, e))
		return false;
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: none of " DISK_FILE_SYSTEMS " is on it", device);
	if (mkdir(where, 0700) && errno != EEXIST)
		return fail(e, errno, "%s: cannot make the mount point: %s", where,
			    strerror(errno));
	/* Busy may mean that an attempt before this one has mounted it there, and died. */
	if (mount(device, where, fs.type, flags, disk_mount_options(fs.type, to_write)) &&
	    (errno != EBUSY || !is_mounted(device, &fs, where)))
		return fail(e, errno, "%s: cannot mount as %s: %s%s", device, fs.type,
			    strerror(errno),
			    errno == ENODEV ? " (its module is not in the image)" :
			    errno == EACCES || errno == EROFS ?
			    " (the disk is write-protected)" : "");
	return is_mounted(device, &fs, where) ||
	       fail(e, EIO, "%s: mounted, but it is not what is at %s", device, where);
}

bool disk_mount(const char *device, const char *where, struct err *e)
{
	return mount_as(device, where, true, e);
}

bool disk_mount_look(const char *device, const char *where, struct err *e)
{
	return mount_as(device, where, false, e);
}
