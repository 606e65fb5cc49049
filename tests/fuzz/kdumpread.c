/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A dump file of any kind: opening it, checking all of it, single pages at the edges. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "dump/kdumpread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("dump", 0);
	struct kdump_findings found = { 0 };
	struct kdump_reader r;
	struct arena arena;
	char path[64];
	struct err e = { .text = "" };

	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    !arena_init(&arena, 16 << 20, &e))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (kdump_open(&r, path, &arena, &e)) {
		const uint64_t pfns[] = { 0, 1, r.max_pfn / 2, r.max_pfn - 1, r.max_pfn,
					  UINT64_MAX };
		const uint8_t *page;

		for (size_t i = 0; i < sizeof(pfns) / sizeof(pfns[0]); i++)
			kdump_page(&r, pfns[i], &page, &e);
		kdump_check(&r, &found, &e);
		kdump_close(&r);
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	arena_deinit(&arena);
	close(fd);
	return 0;
}
