/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes as a dump file that is opened, for targets that read dumps. File and arena are taken
 * once: to make them anew costs more than most inputs do.
 */
#ifndef FUZZ_DUMP_FILE_H
#define FUZZ_DUMP_FILE_H

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "dump/kdumpread.h"
#include "memory_file.h"

/* look sees it if it opens; if not, there must be a word why. */
static inline void dump_file_try(const uint8_t *bytes, size_t len,
				 void (*look)(struct kdump_reader *r))
{
	static struct memory_file file;
	static struct arena arena;
	struct kdump_reader r;
	struct err e = { .text = "" };

	if (!arena.base && !arena_init(&arena, 16 << 20, &e))
		abort();
	if (kdump_open(&r, memory_file_of(&file, bytes, len), &arena, &e)) {
		look(&r);
		kdump_close(&r);
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	arena_release(&arena, 0);
}

#endif
