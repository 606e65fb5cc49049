/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stretches of a file that were never written, the longest ones: they read as zeroes. */
#ifndef DUMP_HOLES_H
#define DUMP_HOLES_H

#include <stdint.h>

#define MAX_HOLES 64
#define LEAST_HOLE (256u << 10)	/* shorter ones are as soon read as remembered */

struct holes {
	struct { uint64_t off, len; } rows[MAX_HOLES];
	unsigned n;
	uint64_t len;		/* of all, also of those that are not remembered */
};

/* Holes of one file, which do not overlap, in any order; len may be 0. */
void holes_add(struct holes *h, uint64_t off, uint64_t len);

/* Bytes from off on that are known to be a hole. h may be NULL. */
uint64_t hole_at(const struct holes *h, uint64_t off);

#endif
