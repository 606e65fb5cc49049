/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Local file systems as a target names them: finding the block device, knowing the
 * file system by its superblock, mounting it. Everything here may block, so it is a
 * child's work, never PID 1's.
 */
#ifndef TARGETS_DISK_H
#define TARGETS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "superblock.h"

struct err;

/*
 * "UUID=...", "LABEL=...", the same of the partition, or "/dev/...", and a folder on that file
 * system.
 */
struct disk_spec {
	enum { BY_UUID, BY_LABEL, BY_PARTUUID, BY_PARTLABEL, BY_DEVICE } by;
	char value[128];
	char path[128];		/* absolute on the file system */
};

#define DISK_DEFAULT_PATH "/var/crash"

/* Parses what follows "disk:" in a target. EINVAL says what is wrong with it. */
bool disk_parse(struct disk_spec *spec, const char *text, struct err *e);

/* "UUID=" and the like, "" for a device. */
const char *disk_by(const struct disk_spec *spec);

#define DEVICE_NAME_MAX 64
#define MAX_HUNG 4

/* Devices that somebody hung on: to read a superblock from them would hang again. */
struct hung_devices {
	char names[MAX_HUNG][DEVICE_NAME_MAX];
	unsigned n, n_for_good;	/* the first of them hold a process that cannot be killed */
};

/* Which disk is looked for, and where. All is borrowed. */
struct disk_search {
	const struct disk_spec *spec;
	const char *root;	/* /sys and /dev are below it, "" for this machine */
	const struct hung_devices *hung;	/* NULL: none */
	uint64_t *alive;	/* disk_find() counts it up */
	const char *nqn;	/* of the NVMe subsystem that it must belong to; NULL: any */
};

/* What programs put together, by its name in /sys/class/block: of device mapper or md. */
bool disk_is_assembled(const char *name);

/*
 * One look: the device's path goes to `device`, as disk_find() says. Of several the first
 * counts, by the numbers in their names (a crash does not read from more disks than it has
 * to), and a plain disk before what programs have put together.
 */
bool disk_look(const struct disk_search *s, char device[DEVICE_NAME_MAX]);

/* How many disks carry the UUID or the label, without what others are put together to. */
unsigned disk_count(const struct disk_search *s);

/* How sysfs spells what stands behind "/dev/": it writes a slash as '!'. */
void disk_sys_name(const char *name, char sys_name[DEVICE_NAME_MAX]);

/*
 * How long a disk is waited for: at least so many seconds, and as many again after each
 * other one that appears meanwhile, for a controller brings up one after the other.
 */
struct disk_wait {
	double least_s, most_s;
};

/* The end of it; both times are of one clock, appeared 0: none has. */
double disk_wait_end(const struct disk_wait *wait, double began, double appeared);

/*
 * Waits until the device is there, no longer than wait says; its path goes to `device`,
 * and so does that of each device while it is looked at, for those who watch us. ENODEV
 * when it does not come.
 */
bool disk_find(const struct disk_search *s, const struct disk_wait *wait,
	       char device[DEVICE_NAME_MAX], struct err *e);

/*
 * The next device behind the one that sysfs calls `after` ("": the first) which shows the UUID
 * of that file system; its sysfs name goes to `after`. Of btrfs there may be several.
 */
bool disk_next_part(const struct disk_search *s, const struct disk_fs *fs,
		    char after[DEVICE_NAME_MAX], char device[DEVICE_NAME_MAX]);

/* Mounts read-write on `where`, which is made if need be. */
bool disk_mount(const char *device, const char *where, struct err *e);

/* To look only: nothing on the device changes, its journal is not replayed. */
bool disk_mount_look(const char *device, const char *where, struct err *e);

/* What they hand to mount(2) for a type of disk_fs. */
const char *disk_mount_options(const char *type, bool to_write);

#endif
