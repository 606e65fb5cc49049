/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of bitmap 2, remembered or judged again. */
#include "judged.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "dump/pageindex.h"
#include "vmcore/elfcore.h"

bool judged_init(struct judged *j, const struct elfcore *core, unsigned page_shift,
		 struct arena *arena, struct err *e)
{
	uint64_t piece_len = (uint64_t)PIECE_PFNS << page_shift;

	*j = (struct judged){ .room = 0 };
	for (size_t i = 0; i < core->n_ranges; i++)
		j->room += (core->ranges[i].end - 1) / piece_len -
			   core->ranges[i].start / piece_len + 1;
	j->pieces = arena_take(arena, j->room, sizeof(j->pieces[0]), "judged pages", e);
	j->slots = j->pieces ? arena_take(arena, min_u64(j->room, JUDGED_SLOTS), PIECE_LEN,
					  "judged pages", e) : NULL;
	return j->slots;
}

static uint32_t sum_of(const uint64_t *bits)
{
	return crc32_z(0, (const uint8_t *)bits, PIECE_LEN);
}

static void remember(struct judged *j, size_t i, const uint64_t *bits)
{
	memcpy(j->slots + i % JUDGED_SLOTS * PIECE_WORDS, bits, PIECE_LEN);
	j->in_slot[i % JUDGED_SLOTS] = i + 1;
}

void judged_add(struct judged *j, uint64_t nr, const struct filter_extent *extent,
		const uint64_t *bits)
{
	if (j->n == j->room)
		return;
	j->pieces[j->n] = (struct judged_piece){ nr, sum_of(bits), *extent };
	remember(j, j->n++, bits);
}

/* The first that is not before nr; j->n: none. */
static size_t find(const struct judged *j, uint64_t nr)
{
	size_t lo = 0, hi = j->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (j->pieces[mid].nr < nr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool judged_load(void *ctx, uint64_t piece, uint64_t *bits, struct err *e)
{
	struct judged *j = ctx;
	size_t i = find(j, piece);

	if (i == j->n || j->pieces[i].nr != piece) {
		memset(bits, 0, PIECE_LEN);
		return true;
	}
	if (j->in_slot[i % JUDGED_SLOTS] == i + 1) {
		memcpy(bits, j->slots + i % JUDGED_SLOTS * PIECE_WORDS, PIECE_LEN);
		return true;
	}
	j->judge(j->ctx, &j->pieces[i], bits);
	if (sum_of(bits) != j->pieces[i].crc)
		return fail(e, EIO, "the pages from frame %#llx on were judged otherwise "
			    "before: their memory has changed",
			    (unsigned long long)piece * PIECE_PFNS);
	remember(j, i, bits);
	return true;
}
