/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting an array of md whose members have superblocks of version 1.x. */
#ifndef VOLUMES_MD_H
#define VOLUMES_MD_H

#include <stdbool.h>

#include "volumes.h"

struct err;

/* A member that was found. */
struct md_member {
	unsigned major, minor;
};

/*
 * Makes "mdN" of the members that there are. No resync, recovery or reshape is begun. The
 * kernel refuses one that lacks too many members, and leaves out one that is older than the
 * others.
 */
bool md_start(unsigned n_array, unsigned minor_version, const struct md_member *members,
	      unsigned n, struct err *e);

#endif
