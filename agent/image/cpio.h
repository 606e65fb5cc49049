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

struct err;

/* Written front to back into memory of the caller. */
struct cpio {
	uint8_t *at;
	size_t len, cap;
	size_t header;	/* of the file that is being added */
	unsigned ino;
};

void cpio_init(struct cpio *c, void *mem, size_t cap);

bool cpio_dir(struct cpio *c, const char *name, unsigned mode, struct err *e);
/* A character device. */
bool cpio_node(struct cpio *c, const char *name, unsigned mode, unsigned major,
	       unsigned minor, struct err *e);

/* Where the data of a file go, at most *room bytes; cpio_file_end() says how many came. */
uint8_t *cpio_file_begin(struct cpio *c, const char *name, unsigned mode, size_t *room,
			 struct err *e);
bool cpio_file_end(struct cpio *c, size_t len, struct err *e);

/* A file whose data are at hand. */
bool cpio_file(struct cpio *c, const char *name, unsigned mode, const void *data,
	       size_t len, struct err *e);

/* The trailer; another archive may follow. The length is a multiple of four. */
bool cpio_end(struct cpio *c, struct err *e);

#endif
