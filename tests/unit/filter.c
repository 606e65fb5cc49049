/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/filter on one struct page or one small folio at a time, at all 32 levels. A row
 * says which bits of the level drop it, and as what; the layout is that of 6.12.
 */
#include <stddef.h>
#include <stdlib.h>

#include "base/bitmap.h"
#include "page.h"
#include "pages/filter.h"
#include "t.h"
#include "vmcore/vmcoreinfo.h"

#define ANON 0xffff888001234561UL
#define KSM 0xffff888001234563UL
#define MOVABLE 0xffff888001234562UL
#define FILE_MAPPING 0xffff888001234560UL
#define TYPE(byte) ((int)((uint32_t)(byte) << 24))
#define ALWAYS 32	/* in `drops`: whatever the level */

static const struct {
	const char *row;
	struct page page;
	unsigned drops;		/* any of these bits of the level, or ALWAYS */
	enum verdict as;	/* at level 31 */
} rows[] = {
	{ "a kernel page", { .mapcount = -1, .refcount = 1 }, 0, KEEP },
	{ "a page of no flags and no users", { .mapcount = -1 }, 0, KEEP },
	{ "a file page", { .flags = LRU, .mapping = FILE_MAPPING, .mapcount = -1 },
	  LEVEL_CACHE | LEVEL_CACHE_PRIVATE, DROP_CACHE },
	{ "a file page that is mapped twice",
	  { .flags = LRU, .mapping = FILE_MAPPING, .mapcount = 1 },
	  LEVEL_CACHE | LEVEL_CACHE_PRIVATE, DROP_CACHE },
	{ "a file page with buffers",
	  { .flags = LRU | PRIVATE, .mapping = FILE_MAPPING, .mapcount = -1 },
	  LEVEL_CACHE_PRIVATE, DROP_CACHE_PRIVATE },
	{ "shared memory", { .flags = LRU | SWAPBACKED, .mapping = FILE_MAPPING },
	  LEVEL_CACHE | LEVEL_CACHE_PRIVATE, DROP_CACHE },
	{ "shared memory in the swap cache",
	  { .flags = SWAPBACKED | SWAPCACHE, .mapping = FILE_MAPPING, .mapcount = -1 },
	  LEVEL_CACHE | LEVEL_CACHE_PRIVATE, DROP_CACHE },
	{ "the swap cache's bit without swap",
	  { .flags = SWAPCACHE, .mapcount = -1 }, 0, KEEP },
	{ "anonymous memory", { .flags = LRU | SWAPBACKED, .mapping = ANON }, LEVEL_USER,
	  DROP_USER },
	{ "anonymous memory not yet on a list", { .mapping = ANON }, LEVEL_USER, DROP_USER },
	{ "anonymous memory somebody waits for",
	  { .flags = LRU | SWAPBACKED | WAITERS, .mapping = ANON }, LEVEL_USER, DROP_USER },
	{ "anonymous memory in the swap cache",
	  { .flags = LRU | SWAPBACKED | SWAPCACHE, .mapping = ANON }, LEVEL_USER, DROP_USER },
	{ "a KSM page", { .mapping = KSM }, LEVEL_USER, DROP_USER },
	{ "a driver's page that can move", { .mapping = MOVABLE, .mapcount = -1 }, 0, KEEP },
	{ "a free page", { .mapcount = TYPE(0xf0) }, LEVEL_FREE, DROP_FREE },
	{ "a free page with flags of its last life",
	  { .flags = LRU, .mapping = ANON, .mapcount = TYPE(0xf0) }, LEVEL_FREE, DROP_FREE },
	{ "a free page of an order that no list has",
	  { .private = 11, .mapcount = TYPE(0xf0) }, 0, KEEP_ODD },
	{ "a free page of an order of 2^63",
	  { .private = 1UL << 63, .mapcount = TYPE(0xf0) }, 0, KEEP_ODD },
	{ "a ballooned page", { .mapcount = TYPE(0xf1) }, ALWAYS, DROP_OFFLINE },
	{ "a page table", { .mapcount = TYPE(0xf2), .mapping = ANON, .flags = LRU }, 0, KEEP },
	{ "a slab", { .mapcount = TYPE(0xf5), .mapping = ANON, .flags = LRU }, 0, KEEP },
	{ "a slab nobody holds", { .mapcount = TYPE(0xf5), .mapping = 3 }, 0, KEEP },
	{ "compressed swap with an offset in the type",
	  { .mapcount = TYPE(0xf6) | 0xabc, .mapping = ANON }, 0, KEEP },
	{ "a large kernel allocation", { .mapcount = TYPE(0xf8), .flags = LRU }, 0, KEEP },
	{ "a type of the future", { .mapcount = TYPE(0xfd), .flags = LRU }, 0, KEEP },
	{ "a huge page", { .flags = HEAD, .mapcount = TYPE(0xf4) }, LEVEL_USER, DROP_USER },
	{ "bad memory", { .flags = POISON, .mapcount = -1 }, ALWAYS, DROP_HWPOISON },
	{ "bad memory that is free", { .flags = POISON, .mapcount = TYPE(0xf0) }, ALWAYS,
	  DROP_HWPOISON },
	{ "bad memory of the page cache",
	  { .flags = POISON | LRU, .mapping = FILE_MAPPING }, ALWAYS, DROP_HWPOISON },
};

static struct kinfo kernel(void)
{
	struct kinfo k = page_kernel();

	k.type_buddy = TYPE(0xf0);
	k.type_offline = TYPE(0xf1);
	k.type_hugetlb = TYPE(0xf4);
	k.type_slab = TYPE(0xf5);
	return k;
}

static void test_rows(void)
{
	const struct kinfo k = kernel();

	for (size_t i = 0; i < T_SIZE(rows); i++)
		for (unsigned level = 0; level < 32; level++) {
			struct page pages[2] = { rows[i].page, { .mapcount = -1 } };
			bool kept = !((level | ALWAYS) & rows[i].drops);
			uint64_t keep = 1;
			struct filter f;
			char row[200];

			snprintf(row, sizeof(row), "%s, level %u", rows[i].row, level);
			filter_init(&f, &k, NULL, level);
			T_EQUAL(row, level, f.level);
			judge(&f, 0x1000, 2, pages, &keep);
			T_EQUAL(row, kept, keep & 1);
			if (level == 31)
				T_EQUAL(row, 1, f.n[rows[i].as]);
		}
}

/* A free block or a folio: its pages follow the first one, and nobody else does. */
static void test_extent(void)
{
	const struct kinfo k = kernel();
	const uint64_t base = 0xffffea0000000000, head = base + 0x1000 * 64;
	struct page pages[16];
	struct filter f;
	uint64_t keep;

	for (int i = 0; i < 16; i++)
		pages[i] = (struct page){ .mapcount = -1 };
	pages[0] = (struct page){ .mapcount = TYPE(0xf0), .private = 3 };
	filter_init(&f, &k, NULL, 31);
	keep = 0xffff;
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("a free block of eight", 0xff00, keep);

	keep = 0xfff5;
	filter_init(&f, &k, NULL, 31);
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("frames that are not asked for do not count", 6, f.n[DROP_FREE]);

	pages[5].refcount = 1;
	keep = 0xffff;
	filter_init(&f, &k, NULL, 31);
	judge(&f, 0x1000, 16, pages, &keep);
	T_CHECK("a page somebody holds is not free", keep & 1 << 5);

	pages[0] = (struct page){ .flags = HEAD | LRU, .mapping = ANON, .refcount = 1 };
	for (int i = 1; i < 4; i++)
		pages[i] = (struct page){ .head = head | 1, .mapcount = -1 };
	pages[1].flags = 2;	/* the order */
	pages[4].refcount = 1;
	keep = 0xffff;
	filter_init(&f, &k, NULL, 8);
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("a folio of four", 0xfff0, keep);

	pages[2].flags |= POISON;
	keep = 0xffff;
	filter_init(&f, &k, NULL, 0);
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("a bad tail of a folio that stays", 0xfffb, keep);
	T_EQUAL("is counted as such", 1, f.n[DROP_HWPOISON]);
}

/*
 * A head that says more than it has: what stands for itself behind it is judged by
 * itself. Eight frames are announced, the first four are the head's.
 */
static void test_too_far(void)
{
	static const struct {
		const char *row;
		struct page page;	/* the fifth */
		bool kept_if_free;	/* behind a folio all are */
	} cases[] = {
		{ "a page table", { .mapcount = TYPE(0xf2) }, true },
		{ "a slab nobody holds", { .mapcount = TYPE(0xf5), .mapping = 3 }, true },
		{ "a type of the future", { .mapcount = TYPE(0xfd) }, true },
		{ "the tail of a folio elsewhere",
		  { .head = 0xffffea000003ffc1, .mapcount = -1 }, true },
		{ "a head", { .flags = HEAD, .mapcount = -1 }, true },
		{ "a kernel page", { .mapcount = -1, .refcount = 1 }, true },
		{ "a page nobody holds", { .mapcount = -1 }, false },
	};
	const struct kinfo k = kernel();
	const uint64_t base = 0xffffea0000000000, head = base + 0x1000 * 64;
	struct page pages[16];
	struct filter f;
	uint64_t keep;

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		for (int j = 0; j < 16; j++)
			pages[j] = (struct page){ .mapcount = -1 };
		pages[0] = (struct page){ .mapcount = TYPE(0xf0), .private = 3 };
		pages[4] = cases[i].page;
		keep = 0xffff;
		filter_init(&f, &k, NULL, 31);
		judge(&f, 0x1000, 16, pages, &keep);
		T_EQUAL(cases[i].row, cases[i].kept_if_free, keep >> 4 & 1);
		T_EQUAL(cases[i].row, 0, keep & 15);

		pages[0] = (struct page){ .flags = HEAD | LRU, .mapping = ANON, .refcount = 1 };
		for (int j = 1; j < 4; j++)
			pages[j] = (struct page){ .head = head | 1, .mapcount = -1 };
		pages[1].flags = 3;	/* the order */
		keep = 0xffff;
		filter_init(&f, &k, NULL, 31);
		judge(&f, 0x1000, 16, pages, &keep);
		T_EQUAL(cases[i].row, 0xfff0, keep);
	}
}

/* A page of the kernel's text has one flag, that of reserved pages, whose bit differs. */
static void test_reserved(void)
{
	static const struct { const char *row; uint64_t flags, reserved; } cases[] = {
		{ "one flag", 1 << 13, 1 << 13 },
		{ "one flag, zone and node above", 1 << 12 | 0x0017ffffc0000000, 1 << 12 },
		{ "two flags", 1 << 13 | 1 << 5, 0 },
		{ "no flag", 0x0017ffffc0000000, 0 },
		{ "all of them", ~0UL, 0 },
	};
	const struct kinfo k = kernel();

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct page text = { .flags = cases[i].flags, .mapcount = -1, .refcount = 1 };
		struct page pages[2] = { { .flags = 1 << 13, .mapcount = -1 },
					 { .flags = 1 << 14, .mapcount = -1 } };
		uint64_t keep = 3;
		struct filter f;

		filter_init(&f, &k, NULL, 31);
		T_EQUAL("nothing is known before", 0, f.layout.reserved);
		filter_learn_reserved(&f, (uint8_t *)&text);
		T_EQUAL(cases[i].row, cases[i].reserved, f.layout.reserved);
		judge(&f, 0x1000, 2, pages, &keep);
		T_EQUAL(cases[i].row, 3, keep);
		T_EQUAL(cases[i].row, cases[i].reserved == 1 << 13, f.reserved[0]);
	}
}

/* What a reader of the dump will want first, among the pages that stay. */
static void test_worth(void)
{
	struct page text = { .flags = 1 << 13 }, pages[16];
	const uint64_t base = 0xffffea0000000000, head = base + 0x1004 * 64;
	struct kinfo k = kernel();
	uint64_t keep = 0xffff;
	struct filter f;

	for (int i = 0; i < 16; i++)
		pages[i] = (struct page){ .mapcount = -1, .refcount = 1 };
	pages[0].flags = 1 << 13;				/* taken at boot */
	pages[2].mapcount = TYPE(0xf2);				/* a page table */
	/* a slab of four */
	pages[4] = (struct page){ .flags = HEAD, .mapcount = TYPE(0xf5) };
	for (int i = 5; i < 8; i++)
		pages[i] = (struct page){ .head = head | 1, .mapcount = -1 };
	pages[5].flags = 2;
	pages[8] = (struct page){ .flags = LRU | SWAPBACKED, .mapping = ANON };
	pages[9].mapcount = TYPE(0xf1);				/* ballooned: not there */
	pages[10].flags = 1 << 13;
	pages[10].mapcount = TYPE(0xf5);			/* both: it is written once */
	filter_init(&f, &k, NULL, 31);
	filter_learn_reserved(&f, (uint8_t *)&text);
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("kept", 0xfcff, keep);
	T_EQUAL("boot", 0x0401, f.reserved[0]);
	T_EQUAL("vital: typed pages and whole slabs", 0x00f4, f.typed[0]);
	T_CHECK("no bits elsewhere",
		!bitmap_count(f.reserved + 1, FILTER_WINDOW_MAX / 64 - 1) &&
		!bitmap_count(f.typed + 1, FILTER_WINDOW_MAX / 64 - 1));

	/* Kernels whose slabs have a flag, not a type. */
	k.pg_slab = 9;
	k.type_slab = ABSENT;
	pages[4].flags = HEAD | 1 << 9;
	pages[4].mapcount = -1;
	keep = 0xffff;
	filter_init(&f, &k, NULL, 31);
	judge(&f, 0x1000, 16, pages, &keep);
	T_EQUAL("vital: slabs of old", 0x04f4, f.typed[0]);
	T_EQUAL("boot: not learned", 0, f.reserved[0]);

	for (int i = 0; i < 16; i++)
		pages[i] = (struct page){ .mapcount = -1, .refcount = 1 };
	keep = 0xffff;
	judge(&f, 0x1010, 16, pages, &keep);
	T_EQUAL("the next window begins anew", 0, f.typed[0] | f.reserved[0]);
}

/* Without the key, the class cannot be told: it stays, and the filter says so. */
static void test_lowered(void)
{
	static const struct { const char *row; size_t at; unsigned used; } cases[] = {
		{ "no buddy type", offsetof(struct kinfo, type_buddy), 31 & ~LEVEL_FREE },
		{ "no orders", offsetof(struct kinfo, n_orders), 31 & ~LEVEL_FREE },
		{ "no PG_lru", offsetof(struct kinfo, pg_lru),
		  31 & ~(LEVEL_CACHE | LEVEL_CACHE_PRIVATE) },
		{ "no slab", offsetof(struct kinfo, type_slab),
		  LEVEL_ZERO | LEVEL_FREE },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++) {
		struct kinfo k = kernel();
		struct filter f;

		*(int64_t *)((char *)&k + cases[i].at) = ABSENT;
		filter_init(&f, &k, NULL, 31);
		T_EQUAL(cases[i].row, cases[i].used, f.level);
		T_CHECK(cases[i].row, f.lowered_why[0] != 0);
	}
}

/*
 * A field that the kernel does not tell of is not read: the first struct page of a buffer
 * has nothing before it, and the sanitizer watches that.
 */
static void test_absent(void)
{
	static const struct { const char *row; size_t at; } cases[] = {
		{ "no private", offsetof(struct kinfo, page_private) },
		{ "no refcount", offsetof(struct kinfo, page_refcount) },
		{ "no compound_head", offsetof(struct kinfo, page_compound_head) },
		{ "no buddy type", offsetof(struct kinfo, type_buddy) },
	};
	static const struct page firsts[] = {
		{ .mapcount = TYPE(0xf0) },
		{ .mapcount = TYPE(0xf7) },
		{ .flags = HEAD | LRU, .mapping = ANON },
		{ .mapcount = -1 },
	};

	for (size_t i = 0; i < T_SIZE(cases); i++)
		for (size_t j = 0; j < T_SIZE(firsts); j++) {
			struct page *pages = malloc(2 * sizeof(*pages));
			struct kinfo k = kernel();
			uint64_t keep = 3;
			struct filter f;

			*(int64_t *)((char *)&k + cases[i].at) = ABSENT;
			pages[0] = firsts[j];
			pages[1] = (struct page){ .mapcount = -1, .refcount = 1 };
			filter_init(&f, &k, NULL, 31);
			judge(&f, 0x1000, 2, pages, &keep);
			T_CHECK(cases[i].row, keep & 3 || !f.n[KEEP]);
			filter_looks_free(&f.layout, (uint8_t *)pages);
			free(pages);
		}
}

int main(void)
{
	test_rows();
	test_extent();
	test_too_far();
	test_reserved();
	test_worth();
	test_lowered();
	test_absent();
	return t_done();
}
