/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file in memory that is one input after the other, for targets whose input is a file. */
#ifndef FUZZ_MEMORY_FILE_H
#define FUZZ_MEMORY_FILE_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

struct memory_file {
	char path[64];		/* "": it is still to be made */
	int fd;
};

/* Its path, by which it can be opened; there are these bytes in it, and no hole. */
static inline const char *memory_file_of(struct memory_file *f, const void *bytes, size_t len)
{
	if (!f->path[0]) {
		f->fd = memfd_create("input", MFD_CLOEXEC);
		snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
	}
	if (f->fd < 0 || pwrite(f->fd, bytes, len, 0) != (ssize_t)len ||
	    ftruncate(f->fd, len))
		abort();
	return f->path;
}

#endif
