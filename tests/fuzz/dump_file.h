/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as a dump file that is opened, for targets that read dumps. */
#ifndef FUZZ_DUMP_FILE_H
#define FUZZ_DUMP_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "dump/kdumpread.h"

/* look sees it if it opens; if not, there must be a word why. */
static inline void dump_file_try(const uint8_t *bytes, size_t len,
				 void (*look)(struct kdump_reader *r))
{
	int fd = memfd_create("dump", 0);
	struct kdump_reader r;
	struct arena arena;
	char path[64];
	struct err e = { .text = "" };

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len ||
	    !arena_init(&arena, 16 << 20, &e))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kdump_open(&r, path, &arena, &e)) {
		look(&r);
		kdump_close(&r);
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	arena_deinit(&arena);
	close(fd);
}

#endif
