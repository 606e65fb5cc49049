/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel/pfnset: a set that is larger than its window. Whoever fills it adds the same runs
 * each time, and what is asked must be the same as with one large bitmap.
 */
#include "base/arena.h"
#include "base/err.h"
#include "kernel/pfnset.h"
#include "t.h"

#define W ((uint64_t)PFNSET_LEN_MIN * 8)

/* remove: takes out what earlier rows have put in */
static const struct run {
	pfn_t pfn;
	uint64_t n;
	bool remove;
} runs[] = {
	{ 0, 1, false },
	{ 62, 4, false },		/* across a word */
	{ 1000, 512, false },
	{ 1100, 8, true },
	{ W - 3, 6, false },		/* across a window */
	{ W + 100, 2 * W, false },	/* all of one, parts of two more */
	{ 2 * W - 1, 2, true },
	{ 5 * W, 0, false },
	{ 5 * W + 7, 1, false },
	{ 5 * W + 7, 1, true },
	{ 7 * W + 1, UINT64_MAX - 7 * W, false },	/* overflows: not believed */
	{ UINT64_MAX, UINT64_MAX, false },
	{ 9 * W - 1, 1, false },
};

static unsigned n_fills;

static void fill(void *ctx, struct pfnset *set)
{
	n_fills++;
	T_CHECK("the filler gets what it asked for", ctx == &n_fills);
	for (size_t i = 0; i < T_SIZE(runs); i++)
		if (runs[i].remove)
			pfnset_remove(set, runs[i].pfn, runs[i].n);
		else
			pfnset_add(set, runs[i].pfn, runs[i].n);
}

static bool is_in(pfn_t pfn)
{
	bool in = false;

	for (size_t i = 0; i < T_SIZE(runs); i++)
		if (pfn >= runs[i].pfn && pfn - runs[i].pfn < runs[i].n &&
		    runs[i].n <= UINT64_MAX - runs[i].pfn)
			in = !runs[i].remove;
	return in;
}

static void check(const struct pfnset *s, pfn_t pfn)
{
	char row[40];

	snprintf(row, sizeof(row), "frame %#llx", (unsigned long long)pfn);
	T_EQUAL(row, is_in(pfn), pfnset_has(s, pfn));
}

/* All frames near where a run or a window begins or ends. */
static void check_window(struct pfnset *s, uint64_t window)
{
	pfnset_reach(s, window * W + 12345);
	for (size_t i = 0; i < 2 * T_SIZE(runs) + 2; i++) {
		const struct run *r = &runs[i / 2 % T_SIZE(runs)];
		pfn_t edge = i % 2 ? r->pfn + r->n : r->pfn;

		if (i >= 2 * T_SIZE(runs))
			edge = (window + i % 2) * W;
		for (pfn_t pfn = edge < 70 ? 0 : edge - 70; pfn < edge + 70; pfn++)
			if (pfn / W == window)
				check(s, pfn);
	}
}

static void test_windows(void)
{
	static const uint64_t order[] = { 0, 1, 2, 3, 5, 7, 8, 1ULL << 40, 2, 0 };
	struct arena arena;
	struct pfnset s;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 4 << 20, &e)))
		return;
	T_CHECK("set", pfnset_init(&s, fill, &n_fills, 0, &arena, &e));
	pfnset_add(&s, 0, 100);
	T_CHECK("nothing is in it at first", !pfnset_has(&s, 0));
	for (size_t i = 0; i < T_SIZE(order); i++) {
		check_window(&s, order[i]);
		T_EQUAL("filled once for a window", i + 1, n_fills);
		T_CHECK("not of the window", !pfnset_has(&s, (order[i] + 1) * W));
		if (order[i])
			T_CHECK("not of the window", !pfnset_has(&s, order[i] * W - 1));
	}
	arena_deinit(&arena);
}

static void test_no_room(void)
{
	struct arena arena;
	struct pfnset s;
	struct err e;

	if (!T_CHECK("arena", arena_init(&arena, 1 << 20, &e)))
		return;
	T_CHECK("no room", !pfnset_init(&s, fill, NULL, 0, &arena, &e));
	arena_deinit(&arena);
}

/* As much memory as it may have, and the bounds that there are for it. */
static void test_len(void)
{
	static const struct { const char *row; size_t mem_len; uint64_t len; } cases[] = {
		{ "none to spare", 0, PFNSET_LEN_MIN },
		{ "a byte less than twice the least", 2 * PFNSET_LEN_MIN - 1, PFNSET_LEN_MIN },
		{ "twice the least", 2 * PFNSET_LEN_MIN, 2 * PFNSET_LEN_MIN },
		{ "9 MiB", 9 << 20, 8 << 20 },
		{ "all there is", SIZE_MAX, PFNSET_LEN_MAX },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct arena arena;
		struct pfnset s;
		struct err e;

		if (!T_CHECK("arena", arena_init(&arena, PFNSET_LEN_MAX, &e)))
			return;
		T_CHECK(cases[i].row,
			pfnset_init(&s, fill, NULL, cases[i].mem_len, &arena, &e));
		T_EQUAL(cases[i].row, cases[i].len * 8, s.n_window);
		T_EQUAL(cases[i].row, cases[i].len, arena.used);
		arena_deinit(&arena);
	}
}

int main(void)
{
	test_len();
	test_windows();
	test_no_room();
	return t_done();
}
