/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A core file of any kind: opening, notes, reads at the edges of what it says it has. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "memory_file.h"
#include "vmcore/corereader.h"
#include "vmcore/elfcore.h"
#include "vmcore/notes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_around(struct corereader *r, paddr_t paddr)
{
	uint8_t buf[8192];
	struct err e;

	physmem_read(&r->pm, paddr, buf, 1, &e);
	physmem_read(&r->pm, paddr - 1, buf, 2, &e);
	physmem_read(&r->pm, paddr & ~4095UL, buf, 4096, &e);
	physmem_read(&r->pm, paddr - 4096, buf, sizeof(buf), &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory_file file;	/* taken once, as the arena is */
	static struct arena arena;
	struct elfcore core = ELFCORE_CLOSED;
	struct err e;
	size_t len;

	if (!arena.base) {
		if (!arena_init(&arena, 8 << 20, &e))
			abort();
		corereader_catch_sigbus();
	}
	if (elfcore_open(&core, memory_file_of(&file, data, size), &arena, &e)) {
		struct corereader r;

		notes_vmcoreinfo(core.notes, core.notes_len, &len);
		notes_n_cpus(core.notes, core.notes_len);
		corereader_init(&r, &core);
		for (size_t i = 0; i < core.n_ranges && i < 64; i++) {
			if (core.ranges[i].start >= core.ranges[i].end)
				abort();
			read_around(&r, core.ranges[i].start);
			read_around(&r, core.ranges[i].end);
		}
		read_around(&r, 0);
		read_around(&r, elfcore_end(&core));
		corereader_deinit(&r);
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	elfcore_close(&core);
	arena_release(&arena, 0);
	return 0;
}
