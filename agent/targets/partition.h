/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the partition table of a disk calls its partitions. The kernel tells it of in part
 * only (PARTUUID in uevent since 6.13), so the table is read: GPT (UEFI 2.10, 5.3) or that of
 * a PC's boot sector.
 */
#ifndef TARGETS_PARTITION_H
#define TARGETS_PARTITION_H

#include <stdbool.h>

struct err;

#define PARTITION_NAME_MAX 64	/* of a device */

struct partition {
	char uuid[37];		/* as the kernel and udev write it */
	char label[37];		/* of a GPT; other letters than ASCII's are '?' */
};

/*
 * Of what sysfs calls `name`, below root ("" but in tests): the name of the disk that it is a
 * partition of. False: of none.
 */
bool partition_disk(const char *root, const char *name, char disk[PARTITION_NAME_MAX]);

/* Reads the table of that disk. False: it has none, or none that names this partition. */
bool partition_read(const char *root, const char *name, const char *disk,
		    struct partition *p, struct err *e);

#endif
