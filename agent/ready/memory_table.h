/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest reservations seen to work, from `make estimate`: with crashkernel= of so
 * many MiB a crash in QEMU was captured whole, and with one MiB less it was not. What the
 * drivers and file systems of a real machine take comes on top. virt and virt-disk are what
 * they are today, but for virt with sftp, where 19M works and less was not seen to. What was
 * measured of server-nfs and debian is older: the report came since, which takes a MiB, and
 * LVM, md, LUKS and codec auto in ours, another one; both were added, as seen with virt.
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
	{ "virt-disk", "disk", 1, 12, 6 },
	{ "virt-disk", "disk", 4, 12, 6 },
	{ "virt-disk", "disk", 16, 12, 6 },
	{ "virt", "disk", 1, 15, 8 },
	{ "virt", "disk", 4, 15, 8 },
	{ "virt", "disk", 16, 15, 8 },
	{ "virt", "nfs", 1, 16, 8 },
	{ "virt", "nfs", 16, 16, 8 },
	{ "virt", "sftp", 1, 19, 8 },
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
