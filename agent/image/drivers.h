/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modules that devices of this running machine need, as sysfs shows them: from a
 * device up to the bus, the driver of everything on the way. A driver that is built in
 * has no module and is not named. Names only; dependencies are kmod's.
 */
#ifndef IMAGE_DRIVERS_H
#define IMAGE_DRIVERS_H

#include <stdbool.h>

#include "fsneeds.h"
#include "kmod.h"

struct err;

#define MAX_DRIVERS 64
#define MAX_NEEDS 16

struct drivers {
	const char *root;	/* what stands before /sys and /dev, "" for this machine */
	bool with_suppliers;	/* and of what gives a device power or a clock, which an image
				 * brings along; whether it comes up without, nobody knows */
	char names[MAX_DRIVERS][MODULE_NAME];	/* each once, in the order found */
	unsigned n;
	const struct fs_need *needs[MAX_NEEDS];	/* what superblocks ask for; each once */
	unsigned n_needs;
};

bool drivers_have(const struct drivers *d, const char *name);

bool drivers_add(struct drivers *d, const char *name, struct err *e);

/* All names of a list with blanks between them. */
bool drivers_add_list(struct drivers *d, const char *names, struct err *e);

/*
 * Of the device there and of those it hangs on. How many have a driver, be it built in, goes
 * to *n_bound; that of SCSI disks is not counted, as it makes no device.
 */
bool drivers_above(struct drivers *d, const char *device, unsigned *n_bound, struct err *e);

/*
 * Of one watchdog, "watchdog0". softdog dies with this kernel and has none. *is_known false:
 * it cannot be told which driver it has.
 */
bool drivers_watchdog(struct drivers *d, const char *name, bool *is_known, struct err *e);

/* Of all of them, which guard everything that follows. */
bool drivers_watchdogs(struct drivers *d, struct err *e);

/*
 * Of a whole target: the disk, its file system and what that needs; NFS's client; none for a
 * server. Refused is what a capture kernel would not have: what programs put together (device
 * mapper, md) or log in to (iSCSI, Ceph), and a file system that is on several devices.
 */
bool drivers_target(struct drivers *d, const char *target, struct err *e);

#endif
