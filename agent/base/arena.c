/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arena: one anonymous mapping and a fill level. */
#include "arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bytes.h"
#include "err.h"

#define ALIGN 64	/* a cache line, and what zstd wants of a static context */

bool arena_init(struct arena *a, size_t len, struct err *e)
{
	void *base = mmap(NULL, len, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (base == MAP_FAILED)
		return fail(e, errno, "no %zu KiB of memory to work in: %s",
			    len / 1024, strerror(errno));
	*a = (struct arena){ .base = base, .len = len };
	return true;
}

void arena_deinit(struct arena *a)
{
	if (a->base)
		munmap(a->base, a->len);
	*a = (struct arena){ 0 };
}

void *arena_take(struct arena *a, size_t n, size_t size, const char *what, struct err *e)
{
	size_t len;
	void *p;

	if (__builtin_mul_overflow(n, size, &len) || len > a->len - a->used) {
		fail(e, ENOMEM, "%s: %zu x %zu bytes do not fit, %zu left", what, n, size,
		     a->len - a->used);
		return NULL;
	}
	p = a->base + a->used;
	a->used = min_u64(round_up(a->used + len, ALIGN), a->len);
	return p;
}

void arena_release(struct arena *a, size_t mark)
{
	/*
	 * What is taken next must be zero. Whole pages go back to the kernel, which gives
	 * them out as zeroes: to write to what was never touched would only cost memory.
	 */
	size_t first = min_u64(round_up(mark, sysconf(_SC_PAGESIZE)), a->used);

	memset(a->base + mark, 0, first - mark);
	madvise(a->base + first, a->used - first, MADV_DONTNEED);
	a->used = mark;
}
