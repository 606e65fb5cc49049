/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena: all memory of a capture is one mapping, handed out front to back and never
 * given back: what a part may use is visible where it takes it, and after the first page
 * is read only I/O can fail.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct arena {
	char *base;
	size_t len;	/* bytes mapped */
	size_t used;
};

/* Maps len bytes; untouched parts cost nothing. ENOMEM when the kernel refuses. */
bool arena_init(struct arena *a, size_t len, struct err *e);
void arena_deinit(struct arena *a);

/* n items of size bytes, zeroed, 64-byte aligned; NULL with ENOMEM, naming `what`. */
void *arena_take(struct arena *a, size_t n, size_t size, const char *what, struct err *e);

/* Everything from the mark on is free again. */
static inline size_t arena_mark(const struct arena *a)
{
	return a->used;
}

void arena_release(struct arena *a, size_t mark);

#endif
