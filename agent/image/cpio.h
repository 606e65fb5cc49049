/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Archives as the kernel unpacks them into its first file system: cpio's newc format,
 * Linux Documentation/driver-api/early-userspace/buffer-format.rst. Owner is root, times
 * are 0 and inode numbers count up, so the same input gives the same bytes. Knows nothing
 * of what is in them; a folder has to be added before what it holds.
 */
#ifndef IMAGE_CPIO_H
#define IMAGE_CPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/whole_file.h"

struct err;

/* Written front to back into memory of the caller. */
struct cpio {
	uint8_t *at;
	size_t len, cap;
	unsigned ino;
};

struct cpio_file {
	const char *name;
	unsigned mode;	/* S_IFREG, S_IFDIR or S_IFCHR with who may what */
	unsigned major, minor;	/* of a device */
	struct blob data;
};

void cpio_init(struct cpio *c, void *mem, size_t cap);

bool cpio_add(struct cpio *c, const struct cpio_file *file, struct err *e);

/* The trailer; another archive may follow. The length is a multiple of four. */
bool cpio_end(struct cpio *c, struct err *e);

#endif
