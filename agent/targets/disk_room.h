/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk as a target, seen from the healthy machine: is it there, and has it room? */
#ifndef TARGETS_DISK_ROOM_H
#define TARGETS_DISK_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"

struct err;
struct mount_entry;

struct disk_room {
	char device[DEVICE_NAME_MAX];
	char type[8];		/* of the file system */
	char mounted[256];	/* where, "" if it is not */
	char path[128];		/* of the target's folder there */
	bool in_use;		/* btrfs: mounted, though not with that folder */
	bool read_only;		/* mounted so; a capture mounts for itself */
	bool stopped;		/* mounted for writing, and writes nothing any more */
	uint32_t n_errors;	/* that ext4 has written down of itself */
	bool has_folder;	/* the target's path is there; only known if mounted */
	uint64_t free_len;	/* bytes; not mounted: by its superblock, as it was left */
	uint64_t free_files;	/* likewise; FILES_UNKNOWN */
};

/* False says what keeps it from being a target. Writes nothing, mounts nothing. */
bool disk_room_look(struct disk_room *r, const struct disk_search *s, struct err *e);

/*
 * Of how many disks is a plain name, such as /dev/sdb, one? Each boot gives them out in the
 * order in which disks answer. 1: it is alone, or is looked for by what is on it.
 */
unsigned disk_room_namesakes(const struct disk_search *s);

/* The device as anybody may find it, on a machine that is up. ENODEV. */
bool disk_room_find(const struct disk_search *s, char device[DEVICE_NAME_MAX],
		    struct err *e);

/*
 * Is it mounted with that folder of it, and where? The folder's path there goes to `rest`: of
 * btrfs a subvolume may be all that is mounted.
 */
bool disk_room_mounted(const struct disk_search *s, const char *device, struct mount_entry *m,
		       char rest[128]);

#endif
