/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the superblock on a device says: which file system it is, and how it is called. */
#ifndef TARGETS_SUPERBLOCK_H
#define TARGETS_SUPERBLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct err;

#define SUPERBLOCK_LEN 2048	/* that is read of it */
#define DISK_FILE_SYSTEMS "ext4, xfs, btrfs"

struct disk_fs {
	char type[8];		/* "ext4", "xfs", "btrfs"; "" unknown */
	char uuid[37];
	char label[65];
	uint64_t n_devices;	/* that it is spread over; all show the same UUID and label */
};

/* False when nothing can be read there; an unknown file system has an empty type. */
bool disk_probe(const char *device, struct disk_fs *fs, struct err *e);

/* The superblock itself, of a type of disk_fs. */
bool disk_superblock(const char *device, const char *type, uint8_t sb[SUPERBLOCK_LEN],
		     struct err *e);

/* What one that is not mounted has free by its own account, in bytes. */
uint64_t superblock_free(const char *type, const uint8_t sb[SUPERBLOCK_LEN]);

/* How many files it takes by its own account; FILES_UNKNOWN where it has no table of them. */
uint64_t superblock_free_files(const char *type, const uint8_t sb[SUPERBLOCK_LEN]);

/* How many errors it has written down of itself. */
uint32_t superblock_errors(const char *type, const uint8_t sb[SUPERBLOCK_LEN]);

#endif
