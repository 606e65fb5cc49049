/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a walk over lists and tables of the crashed kernel may take, however they go on. */
#ifndef VMCORE_BOUNDS_H
#define VMCORE_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/io.h"

struct bounds {
	double until;		/* monotonic second */
	size_t mem_len;		/* bytes for what it finds */
	uint64_t *alive;	/* counted up with each step */
};

/* Steps between two looks at the clock. */
#define BOUNDS_EVERY 1024u

static inline bool bounds_over(const struct bounds *b)
{
	return monotonic_seconds() >= b->until;
}

#endif
