/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of page frames: only what has been set is cleared: the window of a small machine
 * stays small.
 */
#include "pfnset.h"

#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"

bool pfnset_init(struct pfnset *s, pfnset_fill_fn *fill, void *ctx, size_t mem_len,
		 struct arena *arena, struct err *e)
{
	uint64_t len = PFNSET_LEN_MIN;

	while (2 * len <= min_u64(mem_len, PFNSET_LEN_MAX))
		len *= 2;
	*s = (struct pfnset){ .fill = fill, .ctx = ctx, .n_window = len * 8 };
	s->bits = arena_take(arena, len / 8, 8, "set of page frames", e);
	return s->bits;
}

void pfnset_reach(struct pfnset *s, pfn_t pfn)
{
	if (pfn >= s->first && pfn < s->end)
		return;
	if (s->low < s->high)
		memset(s->bits + (s->low - s->first) / 64, 0,
		       ((s->high - 1 - s->first) / 64 - (s->low - s->first) / 64 + 1) * 8);
	s->first = pfn / s->n_window * s->n_window;
	s->end = s->first + s->n_window;
	s->low = s->end;
	s->high = s->first;
	s->fill(s->ctx, s);
}

/* Cuts [pfn, *end_ret) to the window; false when nothing is left. */
static bool clamp(const struct pfnset *s, pfn_t *pfn, uint64_t n, pfn_t *end_ret)
{
	if (*pfn >= s->end || n > UINT64_MAX - *pfn)
		return false;
	*end_ret = min_u64(*pfn + n, s->end);
	*pfn = max_u64(*pfn, s->first);
	return *pfn < *end_ret;
}

void pfnset_add(struct pfnset *s, pfn_t pfn, uint64_t n)
{
	pfn_t end;

	if (!clamp(s, &pfn, n, &end))
		return;
	bitmap_set_range(s->bits, pfn - s->first, end - s->first);
	s->low = min_u64(s->low, pfn);
	s->high = max_u64(s->high, end);
}

void pfnset_remove(struct pfnset *s, pfn_t pfn, uint64_t n)
{
	pfn_t end;

	if (!clamp(s, &pfn, n, &end))
		return;
	for (; pfn < end; pfn++)
		bitmap_clear(s->bits, pfn - s->first);
}

bool pfnset_has(const struct pfnset *s, pfn_t pfn)
{
	return pfn >= s->first && pfn < s->end && bitmap_test(s->bits, pfn - s->first);
}
