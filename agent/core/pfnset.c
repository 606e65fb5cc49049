/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only what has been set is cleared: the window of a small machine stays small. */
#include "pfnset.h"

#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"

bool pfnset_init(struct pfnset *s, pfnset_fill_fn *fill, void *ctx, struct arena *arena,
		 struct err *e)
{
	*s = (struct pfnset){ .fill = fill, .ctx = ctx };
	s->bits = arena_take(arena, PFNSET_WINDOW / 64, 8, "set of page frames", e);
	return s->bits;
}

void pfnset_reach(struct pfnset *s, pfn_t pfn)
{
	if (pfn >= s->first && pfn < s->end)
		return;
	if (s->low < s->high)
		memset(s->bits + (s->low - s->first) / 64, 0,
		       ((s->high - 1 - s->first) / 64 - (s->low - s->first) / 64 + 1) * 8);
	s->first = pfn / PFNSET_WINDOW * PFNSET_WINDOW;
	s->end = s->first + PFNSET_WINDOW;
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
