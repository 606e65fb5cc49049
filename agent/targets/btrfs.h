/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only btrfs asks for: its devices are told to the kernel one by one. */
#ifndef TARGETS_BTRFS_H
#define TARGETS_BTRFS_H

#include <stdbool.h>

struct err;

/* A device of one; ENODEV: this kernel has no btrfs. */
bool btrfs_register(const char *device, struct err *e);

/* Is what is mounted at `where` the btrfs of that UUID? Its device numbers are its own. */
bool btrfs_is_at(const char *where, const char *uuid);

#endif
