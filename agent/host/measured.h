/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest reservations seen to work, from `make estimate`: with crashkernel= of so
 * many MiB a crash in QEMU was captured whole, and with one MiB less it was not (for 16 GiB
 * less was not tried). What the drivers and file systems of a real machine take comes on
 * top.
 */
#ifndef HOST_MEASURED_H
#define HOST_MEASURED_H

struct measured {
	const char *kernel;	/* a profile of kernel-config/, or "debian": a stock kernel */
	const char *target;	/* disk, nfs, sftp */
	unsigned ram_gib;	/* of the crashed machine */
	unsigned mib;
};

static const struct measured measured[] = {
	{ "virt", "disk", 1, 23 },
	{ "virt", "disk", 4, 23 },
	{ "virt", "disk", 16, 23 },
	{ "virt", "nfs", 1, 26 },
	{ "virt", "sftp", 1, 28 },
};

#endif
