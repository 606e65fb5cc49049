/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log, searched for in memory: the first bytes say where the image and the ranges of
 * memory begin and end, the rest is memory. It ends, what comes back is text, and it is the
 * same twice.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "input.h"
#include "kernel/salvage.h"
#include "vmcore/elfcore.h"

#define RAM_MAX 65536u
#define RECORDS_MAX (RAM_MAX / 8 * SALVAGE_CHAINS)
#define MOST_S 4.0	/* with the sanitizers, on a busy machine */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct memory {
	struct physmem pm;	/* first, so that it is one */
	const uint8_t *ram;
	size_t len, hole;	/* of 64 bytes, which cannot be read */
};

static bool read_ram(struct physmem *pm, paddr_t paddr, void *buf, size_t len, struct err *e)
{
	const struct memory *m = (const struct memory *)pm;

	if (paddr > m->len || len > m->len - paddr ||
	    (m->hole && paddr < m->hole + 64 && paddr + len > m->hole))
		return fail(e, 14, "not there");
	memcpy(buf, m->ram + paddr, len);
	return true;
}

static uint64_t walk(struct salvage *s, uint64_t *n)
{
	uint64_t sum = 0;
	char text[1024];
	size_t len;

	salvage_rewind(s);
	for (*n = 0; salvage_next(s, text, sizeof(text), &len); ++*n) {
		if (!len || len > sizeof(text) || text[len - 1] != '\n' || *n > RECORDS_MAX)
			abort();
		for (size_t i = 0; i < len; i++)
			sum = sum * 31 + (uint8_t)text[i];
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	uint64_t alive = 0, n, again;
	double begun = monotonic_seconds();
	struct ram_range ranges[2];
	struct memory m = { .pm.read = read_ram, .hole = input_u16(&in) };
	struct elfcore core = { .ranges = ranges, .n_ranges = 2 };
	static struct arena arena;
	struct salvage s;
	size_t mark;
	struct err e;

	core.text_start = input_u16(&in);
	core.text_end = core.text_start + input_u16(&in);
	ranges[0] = (struct ram_range){ 0, 1 + input_u16(&in), 0 };
	ranges[1] = (struct ram_range){ ranges[0].end, RAM_MAX + 1, 0 };
	m.ram = in.at;
	m.len = in.left < RAM_MAX ? in.left : RAM_MAX;
	ranges[1].end = m.len > ranges[0].end ? m.len : ranges[0].end + 1;
	if (!arena.base && !arena_init(&arena, 1 << 20, &e))
		abort();
	mark = arena_mark(&arena);
	s = (struct salvage){ .pm = &m.pm, .alive = &alive,
			      .until = monotonic_seconds() + SALVAGE_S };
	if (salvage_open(&s, &core, &arena, &e)) {
		uint64_t sum = walk(&s, &n);

		if (walk(&s, &again) != sum || n != again || !n)
			abort();
	} else if (!e.text[0]) {
		abort();	/* an error that says nothing */
	}
	arena_release(&arena, mark);
	if (monotonic_seconds() - begun > MOST_S)
		abort();
	return 0;
}
