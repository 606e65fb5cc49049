/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter beside a plain one that knows no runs, no windows and no state: what a frame is,
 * is asked anew of all struct pages before it. The input is a few kinds of struct page, and
 * which frames are of which. Window by window or at once, in long runs or page by page, the
 * verdict is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/flat.h"
#include "../unit/page.h"
#include "base/bitmap.h"
#include "input.h"
#include "kernel/memmap.h"

#define N 256u
#define FIRST 0x1000u
#define KINDS 16u
#define ORDERS 11u
#define TYPE(byte) ((int64_t)(int32_t)((uint32_t)(byte) << 24))
#define BASE (FLAT_BASE - FIRST * sizeof(struct page))
#define PAGE_VADDR(i) (FLAT_BASE + (i) * sizeof(struct page))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct page pages[N + 1];	/* the last is behind all, and nobody's */
static unsigned level;

/* ---- the plain filter -------------------------------------------------------- */

static bool is_tail(unsigned i)
{
	return pages[i].head & 1;
}

static bool heads(unsigned i)
{
	return i % 2 == 0 && pages[i].flags & HEAD && is_tail(i + 1) &&
	       (pages[i + 1].head & ~1ULL) == PAGE_VADDR(i);
}

static unsigned type_of(unsigned i)
{
	unsigned top = (uint32_t)pages[i].mapcount >> 24;

	return top >= 0xf0 && top < 0xff ? top : 0;
}

static bool is_held(unsigned i)
{
	return type_of(i) || is_tail(i) || pages[i].flags & HEAD || pages[i].refcount;
}

static enum verdict untyped(const struct page *p)
{
	bool anon = p->mapping & 1, swap = (p->flags & SWAPBACKED) && (p->flags & SWAPCACHE);
	bool cache = !anon && (p->flags & LRU || swap);

	if (cache && level & LEVEL_CACHE && !(p->flags & PRIVATE))
		return DROP_CACHE;
	if (cache && level & LEVEL_CACHE_PRIVATE)
		return DROP_CACHE_PRIVATE;
	return anon && level & LEVEL_USER ? DROP_USER : KEEP;
}

/* What the page says of itself, and of *n frames from it on. */
static enum verdict alone(unsigned i, uint64_t *n)
{
	const struct page *p = &pages[i];
	unsigned type = type_of(i), order;

	*n = 1;
	if (type == 0xf0) {
		if (!(level & LEVEL_FREE))
			return KEEP;
		if (p->private >= ORDERS || (FIRST + i) % (1ULL << p->private))
			return KEEP_ODD;
		*n = 1ULL << p->private;
		return DROP_FREE;
	}
	if (type == 0xf7 && level & LEVEL_FREE && (FIRST + i) % (1U << (ORDERS - 1)) == 0) {
		*n = 1U << (ORDERS - 1);
		return DROP_FREE;
	}
	order = heads(i) ? pages[i + 1].flags & 0xff : 0;
	if (order <= 22 && (FIRST + i) % (1ULL << order) == 0)
		*n = 1ULL << order;
	if (type == 0xf1)
		return DROP_OFFLINE;
	if (type == 0xf4 && p->flags & POISON)
		return DROP_HWPOISON;
	if (type)
		return type == 0xf4 && level & LEVEL_USER ? DROP_USER : KEEP;
	return untyped(p);
}

static enum verdict plain(unsigned i)
{
	uint64_t n, head = (pages[i].head & ~1ULL) - FLAT_BASE;
	unsigned at = i;
	enum verdict v;

	if (pages[i].flags & POISON)
		return DROP_HWPOISON;
	if (is_tail(i)) {
		at = head / sizeof(struct page);
		if (head % sizeof(struct page) || head / sizeof(struct page) >= i ||
		    is_tail(at) || !heads(at))
			return KEEP;
		v = alone(at, &n);
		return i - at < n ? v : KEEP;
	}
	v = alone(i, &n);
	if (is_held(i))
		return v;
	/* Nobody's: of the block that the last page which is somebody's begins, if any. */
	while (at > 0 && !is_held(at))
		at--;
	if (!is_tail(at) && alone(at, &n) == DROP_FREE && i - at < n)
		return DROP_FREE;
	return v;
}

/* ---- the input --------------------------------------------------------------- */

static struct page take_kind(struct input *in)
{
	static const uint8_t types[] = { 0xff, 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xf7, 0xfd };
	struct page p = { .flags = 0 };
	uint8_t a = input_u8(in), b = input_u8(in);

	p.flags = (a & 1 ? LRU : 0) | (a & 2 ? HEAD : 0) | (a & 4 ? SWAPCACHE : 0) |
		  (a & 8 ? PRIVATE : 0) | (a & 16 ? SWAPBACKED : 0) | (a >= 0xe0 ? POISON : 0) |
		  (b >> 5);
	p.mapping = b & 3 ? 0xffff888001234560 | (b & 3) : 0;
	p.refcount = b >> 2 & 1;
	p.mapcount = b & 8 ? (int32_t)TYPE(types[b >> 4 & 7]) : -1;
	p.private = input_u8(in) % (ORDERS + 2);
	return p;
}

/* Runs of a kind; its tails lead to the last head, or to any place. */
static void take_pages(struct input *in)
{
	struct page kinds[KINDS];
	unsigned head = 0;

	memset(pages, 0, sizeof(pages));
	for (unsigned i = 0; i < KINDS; i++)
		kinds[i] = take_kind(in);
	for (unsigned i = 0; i <= N;) {
		uint8_t what = input_u8(in), len = input_u8(in);
		uint64_t leads = what & 0x20 ? input_u16(in) % (N * sizeof(struct page)) & ~1u
					     : head * sizeof(struct page);

		do {
			pages[i] = kinds[what % KINDS];
			if (what & 0x10 && i < N)
				pages[i].head = (FLAT_BASE + leads) | 1;
			else if (pages[i].flags & HEAD)
				head = i;
			if (i == N)
				pages[i] = (struct page){ .mapcount = -1 };
		} while (i++ < N && len-- > 0);
	}
	/* A folded memory map is another test's: no page but a head has the flag there. */
	for (unsigned i = 0; i < N; i += 64)
		if (!heads(i))
			pages[i].flags &= ~(uint64_t)HEAD;
}

static void try(const struct kinfo *k, struct memmap *map, size_t window, bool in_runs,
		const enum verdict expected[N])
{
	uint64_t keep[N / 64], n[N_VERDICTS] = { 0 };
	struct filter f;

	memset(keep, 0xff, sizeof(keep));
	filter_init(&f, k, map, level);
	if (f.level != level || !f.test.usable)
		abort();
	f.test.usable = in_runs;
	for (size_t at = 0; at < N; at += window)
		filter_window(&f, &(struct page_window){ FIRST + at, window,
			(const uint8_t *)&pages[at], BASE, keep + at / 64 });
	for (unsigned i = 0; i < N; i++) {
		n[expected[i]]++;
		if (verdict_keeps(expected[i]) != bitmap_test(keep, i))
			abort();
	}
	if (memcmp(n, f.n, sizeof(n)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct kinfo k = page_kernel();
	enum verdict expected[N];
	struct flat flat;
	struct memmap map = { .space = &flat.space, .size_page = sizeof(struct page),
			      .page_shift = 12 };

	k.type_buddy = TYPE(0xf0);
	k.type_offline = TYPE(0xf1);
	k.type_hugetlb = TYPE(0xf4);
	k.type_slab = TYPE(0xf5);
	level = input_u8(&in) % 32;
	take_pages(&in);
	flat_open(&flat, pages, sizeof(pages));
	for (unsigned i = 0; i < N; i++)
		expected[i] = plain(i);
	try(&k, &map, N, true, expected);
	try(&k, &map, 64, true, expected);
	try(&k, &map, N, false, expected);
	return 0;
}
