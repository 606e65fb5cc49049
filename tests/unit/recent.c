/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/recent: what comes again is found, as long as it is remembered; what has the same
 * hash and is not the same never is. Against a plain list of all that was stored.
 */
#include "base/arena.h"
#include "base/err.h"
#include "dump/recent.h"
#include "t.h"

#define PAGE 4096u
#define REMEMBERED (1u << 20)
#define N_STORED 20000u

static void fill(uint8_t *page, size_t len, uint64_t of)
{
	for (size_t i = 0; i < len; i++)
		page[i] = (of >> i % 8 * 8) + i;
}

static const struct kdump_desc *find(const struct recent *r, const void *data, size_t len,
				     uint32_t flags)
{
	return recent_find(r, &(struct packed_page){ data, len, flags });
}

/* Only the middle differs, which the hash does not see: the slot is the same. */
static void test_collision(struct recent *r)
{
	struct kdump_desc desc = { .off = 1000, .len = 1024, .flags = KDUMP_ZSTD };
	const struct kdump_desc *got;
	uint8_t a[1024], b[1024];

	fill(a, sizeof(a), 1);
	memcpy(b, a, sizeof(a));
	b[512]++;
	recent_add(r, a, &desc);
	got = find(r, a, sizeof(a), KDUMP_ZSTD);
	T_CHECK("the same page", got && got->off == 1000 && got->len == 1024);
	T_CHECK("another of the same hash", !find(r, b, sizeof(b), KDUMP_ZSTD));
	T_CHECK("packed in another way", !find(r, a, sizeof(a), KDUMP_ZLIB));
	T_CHECK("only its beginning", !find(r, a, 1023, KDUMP_ZSTD));
	desc.off = 5000;
	recent_add(r, b, &desc);
	T_CHECK("the later one of a hash stays", find(r, b, sizeof(b), KDUMP_ZSTD));
	T_CHECK("the earlier one goes", !find(r, a, sizeof(a), KDUMP_ZSTD));
	T_CHECK("nothing", !find(r, a, 0, KDUMP_ZSTD));
}

static void test_forgetting(struct recent *r)
{
	struct kdump_desc desc = { .off = 77, .len = PAGE };
	uint8_t first[PAGE], other[PAGE];

	fill(first, PAGE, 12345);
	recent_add(r, first, &desc);
	for (uint64_t i = 1; i < r->len / PAGE; i++) {
		fill(other, PAGE, i << 32);
		desc.off = i;
		recent_add(r, other, &desc);
	}
	T_CHECK("as old as can be", find(r, first, PAGE, 0));
	fill(other, PAGE, 999UL << 32);
	recent_add(r, other, &desc);
	T_CHECK("too old", !find(r, first, PAGE, 0));
}

/* Pages of all lengths out of few contents: whatever is found is what was stored there. */
static void test_many(struct recent *r)
{
	static struct stored { uint64_t of; uint32_t len; } stored[N_STORED];
	unsigned n = 0, n_found = 0;
	uint8_t page[PAGE];

	while (n < N_STORED) {
		uint64_t of = t_draw(t_draw(2) ? 8 : 4000);
		uint32_t len = 1 + (t_draw(2) ? of * 13 % 200 : t_draw(PAGE));
		const struct kdump_desc *same;

		fill(page, len, of);
		same = find(r, page, len, 0);
		if (same) {
			const struct stored *s = &stored[same->off];
			uint8_t was[PAGE];

			fill(was, s->len, s->of);
			T_EQUAL("what was found", len, s->len);
			T_CHECK("what was found", !memcmp(was, page, len));
			n_found++;
		}
		stored[n] = (struct stored){ of, len };
		recent_add(r, page, &(struct kdump_desc){ .off = n, .len = len });
		n++;
	}
	T_CHECK("and much is found", n_found > N_STORED / 10);
}

int main(void)
{
	struct arena arena;
	struct recent r;
	struct err e;

	if (!arena_init(&arena, 16u << 20, &e))
		abort();
	for (int i = 0; i < 6; i++) {
		T_CHECK("memory", recent_init(&r, REMEMBERED / (i < 3 ? 1 : 4), &arena, &e));
		i % 3 == 0 ? test_collision(&r) : i % 3 == 1 ? test_forgetting(&r)
							     : test_many(&r);
	}
	arena_deinit(&arena);
	return t_done();
}
