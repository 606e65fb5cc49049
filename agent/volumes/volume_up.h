/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting volumes together in the capture kernel, from their disks up. */
#ifndef VOLUMES_VOLUME_UP_H
#define VOLUMES_VOLUME_UP_H

#include <stdbool.h>

#include "volume_disks.h"

struct err;

/*
 * Brings up a node and all that it stands on; its path in /dev goes to `device`. `keys` is
 * the file with the keys of encrypted ones. What is up already is taken as it is. Mirrors
 * come up without the members that are not here; all else is an error: ENODEV, or ESTALE for
 * a volume that is not where it was when it was frozen.
 */
bool volume_up(const struct volumes *v, unsigned node, const char *keys,
	       const struct volume_search *s, char device[DISK_NAME], struct err *e);

#endif
