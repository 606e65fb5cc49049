/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest reservations seen to work, from `make estimate`: with crashkernel= of so
 * many MiB a crash in QEMU was captured whole, and with one MiB less it was not. What the
 * drivers and file systems of a real machine take comes on top. Since then the report came,
 * which takes a MiB of it: seen with virt, disk, 1 GiB (16M works, 15M does not), added to the
 * other rows; and LVM, md and LUKS in our kernels, and codec auto, another one: seen with the
 * same (17M works, 16M does not), added to the other rows of ours.
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
	{ "virt", "disk", 1, 17, 13 },
	{ "virt", "disk", 4, 18, 13 },
	{ "virt", "disk", 16, 17, 13 },
	{ "virt", "nfs", 1, 18, 13 },
	{ "virt", "nfs", 4, 18, 13 },
	{ "virt", "nfs", 16, 19, 13 },
	{ "virt", "sftp", 1, 21, 13 },
	{ "virt", "sftp", 4, 21, 13 },
	{ "virt", "sftp", 16, 21, 13 },
	/* On virtio; for other controllers see qemu/cases/server-kernel. */
	{ "server-nfs", "disk", 1, 27, 16 },
	{ "server-nfs", "nfs", 1, 28, 16 },
	{ "server-nfs", "sftp", 1, 30, 16 },
	/* Debian's 6.1 for the cloud, which takes 51.5 MiB to start, and three modules. */
	{ "debian", "disk", 1, 72, 52 },
	{ "debian", "nfs", 1, 83, 52 },
	{ "debian", "sftp", 1, 74, 52 },
};

#endif
