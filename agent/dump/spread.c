/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces lie at multiples of their length in the file. When there is room for no more, every
 * second one is forgotten, and from then on only every second one is remembered.
 */
#include "spread.h"

#include "base/bytes.h"
#include "readback.h"

void spread_begin(struct spread *s, uint64_t from)
{
	*s = (struct spread){ .from = from, .end = from, .stride = 1 };
}

static uint64_t first_piece(const struct spread *s)
{
	return s->from / SPREAD_PIECE;
}

/* Begins to remember the nth piece, counted from the first, if it is one of those. */
static void begin_piece(struct spread *s, uint64_t nth)
{
	s->last_sums[0] = s->last_sums[1];
	s->last_sums[1] = 0;
	if (nth % s->stride)
		return;
	if (nth / s->stride == SPREAD_MAX) {
		for (unsigned i = 0; i < SPREAD_MAX / 2; i++)
			s->sums[i] = s->sums[2 * i];
		s->stride *= 2;
	}
	s->n = nth / s->stride + 1;
	s->sums[s->n - 1] = 0;
}

void spread_add(struct spread *s, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t n; len; at += n, len -= n) {
		uint64_t nth = s->end / SPREAD_PIECE - first_piece(s), sum;

		if (s->end == s->from || s->end % SPREAD_PIECE == 0)
			begin_piece(s, nth);
		n = min_u64(len, SPREAD_PIECE - s->end % SPREAD_PIECE);
		sum = word_sum(s->end, at, n);
		s->sum += sum;
		s->last_sums[1] += sum;
		if (nth % s->stride == 0)
			s->sums[nth / s->stride] += sum;
		s->end += n;
	}
}

/* Of so many pieces, the first of which is the nth. */
static void place(const struct spread *s, uint64_t nth, unsigned n_pieces,
		  struct spread_part *part)
{
	uint64_t off = (first_piece(s) + nth) * SPREAD_PIECE;

	part->off = max_u64(off, s->from);
	part->end = min_u64(off + n_pieces * (uint64_t)SPREAD_PIECE, s->end);
}

bool spread_part(const struct spread *s, unsigned i, struct spread_part *part)
{
	uint64_t last;

	if (i < s->n) {
		place(s, i * s->stride, 1, part);
		part->sum = s->sums[i];
		return true;
	}
	if (i > s->n || s->end == s->from)
		return false;
	last = (s->end - 1) / SPREAD_PIECE - first_piece(s);
	place(s, last ? last - 1 : 0, 2, part);
	part->sum = s->last_sums[0] + s->last_sums[1];
	return true;
}
