/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holes of a file. A table that keeps the longest: a hole that is forgotten is read,
 * and reads as zeroes.
 */
#include "holes.h"

void holes_add(struct holes *h, uint64_t off, uint64_t len)
{
	unsigned at = h->n;

	h->len += len;
	if (len < LEAST_HOLE)
		return;
	if (h->n < MAX_HOLES) {
		h->n++;
	} else {
		at = 0;
		for (unsigned i = 1; i < h->n; i++)
			if (h->rows[i].len < h->rows[at].len)
				at = i;
		if (len <= h->rows[at].len)
			return;
	}
	h->rows[at].off = off;
	h->rows[at].len = len;
}

uint64_t hole_at(const struct holes *h, uint64_t off)
{
	for (unsigned i = 0; h && i < h->n; i++)
		if (off >= h->rows[i].off && off - h->rows[i].off < h->rows[i].len)
			return h->rows[i].off + h->rows[i].len - off;
	return 0;
}
