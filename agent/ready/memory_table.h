/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest reservations seen to work, from `make estimate`: with crashkernel= of so
 * many MiB a crash in QEMU was captured whole, and with one MiB less it was not. What the
 * drivers and file systems of a real machine take comes on top.
 */
#ifndef READY_MEMORY_TABLE_H
#define READY_MEMORY_TABLE_H

struct memory_row {
	const char *kernel;	/* a profile of kernel-config/, or "debian": a stock kernel */
	const char *target;	/* disk, nfs, sftp */
	unsigned ram_gib;	/* of the crashed machine */
	unsigned mib;
	unsigned run_mib;	/* of that, what the kernel takes to start */
};

static const struct memory_row measured[] = {
	{ "virt", "disk", 1, 15, 12 },
	{ "virt", "disk", 4, 16, 12 },
	{ "virt", "disk", 16, 15, 12 },
	{ "virt", "nfs", 1, 16, 12 },
	{ "virt", "nfs", 4, 16, 12 },
	{ "virt", "nfs", 16, 17, 12 },
	{ "virt", "sftp", 1, 19, 12 },
	{ "virt", "sftp", 4, 19, 12 },
	{ "virt", "sftp", 16, 19, 12 },
	/* On virtio; for other controllers see qemu/cases/server-kernel. */
	{ "server-nfs", "disk", 1, 25, 16 },
	{ "server-nfs", "nfs", 1, 26, 16 },
	{ "server-nfs", "sftp", 1, 28, 16 },
	/* Debian's 6.1 for the cloud, which takes 51.5 MiB to start, and three modules. */
	{ "debian", "disk", 1, 71, 52 },
	{ "debian", "nfs", 1, 82, 52 },
	{ "debian", "sftp", 1, 73, 52 },
};

#endif
