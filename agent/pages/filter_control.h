/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The positive control of the filter: it is asked of frames that are surely the kernel's
 * own. Some of their struct pages may be damaged; where it errs about many, the crashed
 * kernel's struct pages mean something else than we think.
 */
#ifndef PAGES_FILTER_CONTROL_H
#define PAGES_FILTER_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

struct filter;
struct priority;

struct filter_control {
	uint64_t n_asked, n_wrong;	/* frames */
};

/* A sample of bounded size, spread over all that priority_find() knows. f stays as it is. */
void filter_control_ask(struct filter_control *c, const struct filter *f,
			const struct priority *w,
			uint64_t *alive);

/* Too many to be damage. */
static inline bool filter_control_refutes(const struct filter_control *c)
{
	return c->n_wrong > 16 && c->n_wrong > c->n_asked / 64;
}

#endif
