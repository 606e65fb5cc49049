/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files a driver may ask the kernel's firmware loader for, and where these are. */
#ifndef IMAGE_FIRMWARE_H
#define IMAGE_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>

#include "host/root.h"
#include "host/whole_file.h"

struct err;

#define FIRMWARE_NAME 160	/* "bnx2x/bnx2x-e2-7.13.21.0.fw", and room */

/* The section .modinfo of a module's file, "firmware=a.fw\0..."; false: it has none. */
bool firmware_modinfo(const struct blob *module, struct blob *info);

/*
 * The next name, moving *info. `driver` is NULL in the section of a module; in the list of
 * what is built in each entry begins with the driver that it is of.
 */
bool firmware_next(struct blob *info, const char *driver, char name[FIRMWARE_NAME]);

/*
 * The file that the loader of this release takes first, plain or packed (.zst, .xz); false
 * when there is none.
 */
bool firmware_find(const char *root, const char *release, const char *name,
		   char path[HOST_PATH_MAX]);

#endif
