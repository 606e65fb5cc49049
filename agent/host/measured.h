/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reservations that were seen to be enough: whole captures, checked, in virtual machines.
 * The only place where these figures stand.
 */
#ifndef HOST_MEASURED_H
#define HOST_MEASURED_H

struct measured {
	const char *kernel;	/* "virt": ours, "stock": a distribution's */
	const char *target;	/* "disk", "nfs", "sftp" */
	unsigned ram_gib;	/* of the machine that crashed */
	unsigned mib;		/* crashkernel= */
};

static const struct measured measured[] = {
	{ "stock", "disk", 1, 192 },
	{ "stock", "nfs", 1, 192 },
	{ "stock", "sftp", 1, 192 },
};

#endif
