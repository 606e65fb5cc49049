/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the disks of volumes again, whatever they are called now. */
#ifndef VOLUMES_VOLUME_DISKS_H
#define VOLUMES_VOLUME_DISKS_H

#include <stdbool.h>
#include <stdint.h>

#include "volumes.h"

#define DISK_NAME 64

/* How long, and who watches. All is borrowed. */
struct volume_search {
	double least_s, most_s;	/* for all disks; from the last one that appeared; at most */
	const char (*hung)[DISK_NAME];	/* "/dev/sda": not to be touched */
	unsigned n_hung;
	char *device;		/* DISK_NAME: the one that is read, for who watches */
	uint64_t *alive;	/* counted up while it waits */
};

/* A node as it is on this machine. */
struct volume_seen {
	bool is_needed, is_up;
	char name[DISK_NAME];		/* "sda1", as /sys/class/block has it */
	unsigned major, minor;
};

/* Those that are needed; what did not come is not up. */
void volume_disks_find(const struct volumes *v, struct volume_seen seen[MAX_NODES],
		       const struct volume_search *s);

/* The number of a device by its name. */
bool volume_number(struct volume_seen *seen);

#endif
