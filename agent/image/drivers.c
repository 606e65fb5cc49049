/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modules of devices. Links of sysfs, followed to where they lead. */
#include "drivers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "targets/disk.h"
#include "targets/target_kinds.h"
#include "volume_freeze.h"

#define SUPPLY_DEPTH 3	/* a regulator of a chip on a bus */
#define NAME_THEM "(name its modules with --drivers)"

bool drivers_have(const struct drivers *d, const char *name)
{
	for (unsigned i = 0; i < d->n; i++)
		if (!strcmp(d->names[i], name))
			return true;
	return false;
}

bool drivers_add(struct drivers *d, const char *name, struct err *e)
{
	if (drivers_have(d, name))
		return true;
	if (strlen(name) >= MODULE_NAME)
		return fail(e, EINVAL, "module %s: too long a name", name);
	if (d->n == MAX_DRIVERS)
		return fail(e, E2BIG, "more than %u drivers", MAX_DRIVERS);
	snprintf(d->names[d->n++], MODULE_NAME, "%s", name);
	return true;
}

bool drivers_add_list(struct drivers *d, const char *names, struct err *e)
{
	char name[MODULE_NAME + 1];

	for (names += strspn(names, " "); *names; names += strspn(names, " ")) {
		size_t len = strcspn(names, " ");

		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		if (!drivers_add(d, name, e))
			return false;
		names += len;
	}
	return true;
}

static bool add_need(struct drivers *d, const struct fs_need *need, struct err *e)
{
	for (unsigned i = 0; i < d->n_needs; i++)
		if (d->needs[i] == need)
			return true;
	if (d->n_needs == MAX_NEEDS)
		return fail(e, E2BIG, "more than %u features of file systems", MAX_NEEDS);
	d->needs[d->n_needs++] = need;
	return true;
}

static bool above(struct drivers *d, const char *device, unsigned depth, unsigned *n_bound,
		  struct err *e);

/*
 * What gives it power, a clock or a reset, most of all on arm64 (links of devices, Linux
 * Documentation/driver-api/device_link.rst): without its driver the kernel puts off ours.
 */
static bool add_suppliers(struct drivers *d, const char *device, unsigned depth, struct err *e)
{
	char path[PATH_MAX + 300];
	cleanup_dir DIR *dir = opendir(device);
	const struct dirent *entry;
	unsigned ignored;

	while (dir && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "supplier:", 9))
			continue;
		snprintf(path, sizeof(path), "%s/%s/supplier", device, entry->d_name);
		if (!access(path, F_OK) && !above(d, path, depth, &ignored, e))
			return false;
	}
	return true;
}

static bool above(struct drivers *d, const char *device, unsigned depth, unsigned *n_bound,
		  struct err *e)
{
	char at[PATH_MAX], link[PATH_MAX + 16], to[PATH_MAX], *slash;

	*n_bound = 0;
	if (!realpath(device, at))
		return fail(e, errno, "%s: %s", device, strerror(errno));
	for (; (slash = strrchr(at, '/')) && slash != at; *slash = '\0') {
		if (depth && !add_suppliers(d, at, depth - 1, e))
			return false;
		snprintf(link, sizeof(link), "%s/driver", at);
		if (!realpath(link, to))
			continue;
		*n_bound += strcmp(strrchr(to, '/'), "/sd") != 0;
		strcat(link, "/module");
		if (realpath(link, to) && !drivers_add(d, strrchr(to, '/') + 1, e))
			return false;
	}
	return true;
}

bool drivers_above(struct drivers *d, const char *device, unsigned *n_bound, struct err *e)
{
	return above(d, device, d->with_suppliers ? SUPPLY_DEPTH : 0, n_bound, e);
}

/* Some make no device of theirs known, but are called as their driver is (i6300esb). */
static bool add_by_identity(struct drivers *d, const char *identity, bool *is_known,
			    struct err *e)
{
	static const char *const buses[] = { "pci", "platform" };
	char driver[PATH_MAX], module[PATH_MAX];

	for (size_t i = 0; i < sizeof(buses) / sizeof(buses[0]); i++) {
		snprintf(driver, sizeof(driver), "%s/sys/bus/%s/drivers/%s", d->root, buses[i],
			 identity);
		if (!*identity || strchr(identity, '/') || access(driver, F_OK))
			continue;
		*is_known = true;
		strncat(driver, "/module", sizeof(driver) - strlen(driver) - 1);
		return !realpath(driver, module) ||
		       drivers_add(d, strrchr(module, '/') + 1, e);
	}
	return true;
}

bool drivers_watchdog(struct drivers *d, const char *name, bool *is_known, struct err *e)
{
	char path[PATH_MAX], device[PATH_MAX], identity[64];
	struct err ignored;
	unsigned n;

	snprintf(path, sizeof(path), "%s/sys/class/watchdog/%s/device", d->root, name);
	*is_known = realpath(path, device);
	if (*is_known)
		return drivers_above(d, device, &n, e);
	snprintf(path, sizeof(path), "%s/sys/class/watchdog/%s/identity", d->root, name);
	if (!read_text(path, identity, sizeof(identity), &ignored))
		return true;
	*is_known = !strcmp(identity, "Software Watchdog");
	return *is_known || add_by_identity(d, identity, is_known, e);
}

bool drivers_watchdogs(struct drivers *d, struct err *e)
{
	char path[PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;
	bool ignored;

	snprintf(path, sizeof(path), "%s/sys/class/watchdog", d->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    !drivers_watchdog(d, entry->d_name, &ignored, e))
			return false;
	return true;
}

/* ---- disks ------------------------------------------------------------------ */

/* A disk with several ways to it (NVMe multipath) hangs on none: take all of them. */
static bool above_subsystem(struct drivers *d, const char *device, unsigned *n_bound,
			    struct err *e)
{
	static const char subsystems[] = "/nvme-subsystem/";
	char subsystem[PATH_MAX], *name;
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(subsystem, sizeof(subsystem), "%s", device);
	name = strstr(subsystem, subsystems);
	if (!name)
		return true;
	name += strlen(subsystems);
	name[strcspn(name, "/")] = '\0';
	dir = opendir(subsystem);
	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX + 256];
		unsigned more;

		/* Controllers are links; the disk itself is a folder. */
		if (entry->d_type != DT_LNK || strncmp(entry->d_name, "nvme", 4))
			continue;
		snprintf(path, sizeof(path), "%s/%s", subsystem, entry->d_name);
		if (!drivers_above(d, path, &more, e))
			return false;
		*n_bound += more;
	}
	return true;
}

/* The whole disk of a partition is the folder around it; what uses it is named there. */
static const char *holder_of(const char *device, char name[NAME_MAX + 1])
{
	char path[PATH_MAX + 16];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/holders", device);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.') {
			snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
			return name;
		}
	return NULL;
}

/* What `name`, which device mapper has made, is called. */
static const char *kind_of(const struct drivers *d, const char *name)
{
	static const struct { const char *start, *kind; } kinds[] = {
		{ "LVM-", "an LVM volume" }, { "CRYPT-", "an encrypted disk" },
		{ "mpath-", "a multipath disk" },
	};
	char path[PATH_MAX], uuid[160];
	struct err ignored;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s/dm/uuid", d->root, name);
	if (!strncmp(name, "md", 2))
		return "a RAID";
	for (size_t i = 0; read_text(path, uuid, sizeof(uuid), &ignored) &&
			   i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strncmp(uuid, kinds[i].start, strlen(kinds[i].start)))
			return kinds[i].kind;
	return "of device mapper";
}

static bool refuse_assembled(const struct drivers *d, const char *name, struct err *e)
{
	return fail(e, ENOTSUP, "%s is %s: a target is the file system on that", name,
		    kind_of(d, name));
}

/*
 * Disks that are sessions: programs that the capture kernel does not have log in to them, and
 * keep them alive. What stands in the path of the device, and what it is called.
 */
static const struct {
	const char *in_path, *kind;
} sessions[] = {
	{ "/session", "a disk over iSCSI" },
	{ "/ctlr_", "a disk over FCoE" },
	{ "/devices/rbd/", "an image of Ceph (RBD)" },
	{ "/nvme-fabrics/", "a disk over NVMe-oF" },
	{ "/block/nbd", "a network block device" },
	{ "/block/drbd", "a DRBD volume" },
	{ "/block/etherd", "a disk over AoE" },
	{ "/block/bcache", "a cached disk" },
	{ "/block/loop", "a file" },
	{ "/block/zram", "memory" },
	{ "/block/ram", "memory" },
	{ "/block/zd", "a ZFS volume" },
};

static const char *session_kind(const struct drivers *d, const char *device)
{
	/* This adapter logs in by itself, with what its own memory holds. */
	bool is_alone = drivers_have(d, "qla4xxx");

	for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++)
		if (strstr(device, sessions[i].in_path) &&
		    !(is_alone && !strcmp(sessions[i].in_path, "/session")))
			return sessions[i].kind;
	return NULL;
}

/* What it hangs on goes to `d`; refused is what would not come up by drivers alone. */
static bool above_plain_disk(struct drivers *d, const char *name, const char *device,
			     struct err *e)
{
	const char *kind;
	unsigned n_bound;

	if (!drivers_above(d, device, &n_bound, e) ||
	    (!n_bound && !above_subsystem(d, device, &n_bound, e)))
		return false;
	kind = session_kind(d, device);
	if (kind)
		return fail(e, ENOTSUP, "%s is %s, which nobody sets up in the capture kernel: "
			    "take a disk of this machine's own, or a server (nfs:, sftp:, "
			    "nvme:)",
			    name, kind);
	return n_bound || fail(e, ENOTSUP, "%s stands on no device that could be brought up "
			       "again: take another disk, or a server", name);
}

static bool above_disk(struct drivers *d, const char *name, struct err *e)
{
	char link[PATH_MAX], device[PATH_MAX], holder[NAME_MAX + 1], sys[DEVICE_NAME_MAX];
	struct drivers own = { .root = d->root, .with_suppliers = d->with_suppliers };

	disk_sys_name(name, sys);
	snprintf(link, sizeof(link), "%s/sys/class/block/%s", d->root, sys);
	if (!realpath(link, device))
		return fail(e, ENODEV, "no such device here " NAME_THEM);
	if (holder_of(device, holder) && disk_is_assembled(holder))
		return refuse_assembled(d, holder, e) ||
		       within(e, "%s is a part of %s", name, holder);
	if (!above_plain_disk(&own, name, device, e))
		return false;
	for (unsigned i = 0; i < own.n; i++)
		if (!drivers_add(d, own.names[i], e))
			return false;
	return true;
}

/* ---- volumes ---------------------------------------------------------------- */

/* A disk that a volume stands on, or all ways to it. */
static bool above_leaf(struct drivers *d, const char *name, struct err *e)
{
	char path[PATH_MAX], device[PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s", d->root, name);
	if (!realpath(path, device))
		return fail(e, ENODEV, "%s: no such device here", name);
	if (!disk_is_assembled(name))
		return above_plain_disk(d, name, device, e);
	snprintf(path, sizeof(path), "%s/sys/class/block/%s/slaves", d->root, name);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && !disk_is_assembled(entry->d_name) &&
		    !above_leaf(d, entry->d_name, e))
			return false;
	return true;
}

/* Of encrypted ones the cipher has modules of its own. */
static bool add_ciphers(struct drivers *d, const char *ciphers, struct err *e)
{
	const struct fs_need *need;

	for (unsigned i = 0; *ciphers && (need = fsneeds_of("dm_crypt", i)); i++)
		if (strstr(ciphers, need->name) && !add_need(d, need, e))
			return false;
	return true;
}

static bool above_volume(struct drivers *d, const char *device, struct err *e)
{
	struct volume_freeze f = { .root = d->root };
	bool ok = volume_freeze_target(&f, "", device, e);

	for (unsigned i = 0; ok && i < f.n; i++)
		ok = f.nodes[i].id[0] != 'd' || above_leaf(d, f.nodes[i].sys, e);
	return ok && drivers_add_list(d, f.modules, e) && add_ciphers(d, f.ciphers, e);
}

/* The file system's module, and what its superblock asks for besides. */
static bool add_fs(struct drivers *d, const char *device, struct err *e)
{
	const struct fs_need *needs[MAX_FS_NEEDS];
	uint8_t sb[SUPERBLOCK_LEN];
	char path[PATH_MAX];
	struct disk_fs fs;
	unsigned n;

	snprintf(path, sizeof(path), "%s%s", d->root, device);
	if (!disk_probe(path, &fs, e))
		return within(e, "cannot be read (as root?)");
	if (!fs.type[0])
		return fail(e, EINVAL, "%s: none of " DISK_FILE_SYSTEMS " is on it", device);
	if (!disk_superblock(path, fs.type, sb, e))
		return false;
	n = fsneeds_look(sb, fs.type, needs);
	for (unsigned i = 0; i < n; i++) {
		if (needs[i]->never)
			return fail(e, ENOTSUP, "%s: no capture kernel can write to this %s: "
				    "%s (%s)", device, fs.type, needs[i]->never,
				    needs[i]->name);
		if (!add_need(d, needs[i], e))
			return false;
	}
	return drivers_add(d, fs.type, e);
}

/* The other devices of a btrfs. */
static bool above_parts(struct drivers *d, const struct disk_search *s, const char *first,
			struct err *e)
{
	char after[DEVICE_NAME_MAX] = "", device[DEVICE_NAME_MAX], path[PATH_MAX];
	struct disk_fs fs;
	uint64_t n = 0;

	snprintf(path, sizeof(path), "%s%s", d->root, first);
	if (!disk_probe(path, &fs, e) || fs.n_devices <= 1)
		return fs.n_devices <= 1;
	for (; n < fs.n_devices && disk_next_part(s, &fs, after, device); n++)
		if (!above_disk(d, device + strlen("/dev/"), e))
			return within(e, "a part of the btrfs");
	return n == fs.n_devices ||
	       fail(e, ENODEV, "%" PRIu64 " of %" PRIu64 " devices of its btrfs are here",
		    n, fs.n_devices);
}

static bool add_disk(struct drivers *d, const struct disk_spec *spec, struct err *e)
{
	const struct disk_search search = { .spec = spec, .root = d->root };
	char device[DEVICE_NAME_MAX];

	if (!disk_look(&search, device))
		return fail(e, ENODEV, "no such device here " NAME_THEM);
	return (disk_is_assembled(device + strlen("/dev/")) ?
		above_volume(d, device, e) : above_disk(d, device + strlen("/dev/"), e)) &&
	       add_fs(d, device, e) && above_parts(d, &search, device, e);
}

bool drivers_target(struct drivers *d, const char *target, struct err *e)
{
	const struct target_kind *kind = target_kind_of(target);
	const char *names[TARGET_MODULES_MAX] = { NULL };
	struct disk_spec disk;

	if (kind && kind->device_of)
		return (kind->device_of(&disk, target, e) && add_disk(d, &disk, e)) ||
		       within(e, "target %s", target);
	/* An interface has drivers, a server has none; a file system has. */
	if (kind && kind->modules && !kind->modules(names, target, e))
		return within(e, "target %s", target);
	for (size_t i = 0; i < TARGET_MODULES_MAX && names[i]; i++)
		if (!drivers_add(d, names[i], e))
			return false;
	return true;
}
