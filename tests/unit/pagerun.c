/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core/pagerun, as the filter uses it: whatever struct pages there are, judging them in
 * runs says the same as judging each alone. Made-up memory of blocks, folios and rows of
 * singles, most of it in order and some of it not, in the ways that three kernels and a
 * VMCOREINFO that contradicts itself would have it.
 */
#include <errno.h>
#include <stddef.h>

#include "base/err.h"
#include "core/filter.h"
#include "core/memmap.h"
#include "core/space.h"
#include "core/vmcoreinfo.h"
#include "t.h"

#define N_FRAMES 2048u
#define FIRST 0x100000UL
#define BASE 0xffffea0000000000UL
#define ROUNDS 400

enum { LRU = 1 << 5, HEAD = 1 << 6, SWAPCACHE = 1 << 10, RESERVED = 1 << 13,
       PRIVATE = 1 << 14, SWAPBACKED = 1 << 17, POISON = 1 << 20 };

struct page {
	uint64_t flags, head, lru, mapping, index, private;
	int32_t mapcount;
	uint32_t refcount;
	uint64_t last;
};
_Static_assert(sizeof(struct page) == 64, "the layout of a struct page");

static const struct scheme {
	const char *row;
	int64_t buddy, offline, hugetlb, unaccepted;
	bool masks;		/* tails hold a mask for their own address */
	bool runs;		/* else the filter must do without */
} schemes[] = {
	{ "types in the top byte, pointers", (int32_t)0xf0000000, (int32_t)0xf1000000,
	  (int32_t)0xf4000000, ABSENT, false, true },
	{ "types in the top byte, masks", (int32_t)0xf0000000, (int32_t)0xf1000000,
	  (int32_t)0xf4000000, (int32_t)0xf7000000, true, true },
	{ "types of 16 bits", -129, -257, -2049, ABSENT, false, true },
	{ "types of 6.11", -1073741825, -536870913, -67108865, ABSENT, false, true },
	{ "a type that is none", (int32_t)0xf0000000, -257, (int32_t)0xf4000000, ABSENT, false,
	  false },
	{ "a type among the counts", -129, -2, -2049, ABSENT, false, false },
};

static struct page pages[N_FRAMES + 1];
static uint64_t seed = 88172645463325252UL;

static uint64_t draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static bool read_pages(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		       struct err *e)
{
	(void)pm;
	if (paddr < FIRST * 64 || paddr + len > (FIRST + N_FRAMES) * 64)
		return fail(e, EFAULT, "not there");
	memcpy(buf, (char *)pages + (paddr - FIRST * 64), len);
	return true;
}

static struct kinfo kernel(const struct scheme *s)
{
	struct kinfo k;

	for (size_t at = offsetof(struct kinfo, crash_time); at < sizeof(k); at += 8)
		*(int64_t *)((char *)&k + at) = ABSENT;
	k.page_size = 4096;
	k.size_page = 64;
	k.page_flags = 0;
	k.page_compound_head = 8;
	k.page_lru = 8;
	k.page_mapping = offsetof(struct page, mapping);
	k.page_private = offsetof(struct page, private);
	k.page_mapcount = offsetof(struct page, mapcount);
	k.page_refcount = offsetof(struct page, refcount);
	k.pg_lru = 5;
	k.pg_private = 14;
	k.pg_swapcache = 10;
	k.pg_swapbacked = 17;
	k.pg_hwpoison = 20;
	k.pg_slab = 9;
	k.pg_head_mask = HEAD;
	k.type_buddy = s->buddy;
	k.type_offline = s->offline;
	k.type_hugetlb = s->hugetlb;
	k.type_unaccepted = s->unaccepted;
	k.n_orders = 11;
	return k;
}

/* ---- memory ------------------------------------------------------------------- */

static uint64_t some_flags(void)
{
	static const uint64_t sets[] = {
		0, LRU, LRU | SWAPBACKED, LRU | PRIVATE, SWAPBACKED | SWAPCACHE, RESERVED,
		1 << 9, LRU | SWAPBACKED | SWAPCACHE, HEAD, POISON,
	};

	return sets[draw(draw(8) ? 8 : T_SIZE(sets))] | 0x0017ffffc0000000;
}

static uint64_t some_mapping(void)
{
	static const uint64_t words[] = { 0, 0xffff888001234560, 0xffff888001234561,
					  0xffff888001234562, 0xffff888001234563 };

	return words[draw(T_SIZE(words))];
}

static int32_t some_mapcount(const struct scheme *s)
{
	const int64_t words[] = { -1, -1, -1, 0, 1, 7, -2, -128, -129, -257, -1025,
				  (int32_t)0x80000000, (int32_t)0x7fffffff, (int32_t)0xffff0000,
				  (int32_t)0xfffeffff, (int32_t)0xf5000000,
				  (int32_t)0xf6000abc, (int32_t)0xfe000000, (int32_t)0xff000000,
				  (int32_t)0xefffffff, s->buddy, s->offline, s->hugetlb,
				  has(s->unaccepted) ? s->unaccepted : -1 };

	return words[draw(draw(6) ? 6 : T_SIZE(words))];
}

/* A folio or free block of up to 1 << 9 frames, of which the memory may have less. */
static size_t put_block(const struct scheme *s, size_t i, bool folio)
{
	unsigned order = draw(10), told;
	size_t end;

	while ((FIRST + i) % (1UL << order))
		order--;
	end = i + (1UL << order);
	told = order && !draw(6) ? draw(order) : order;	/* what the masks say */
	if (!order)
		folio = false;
	pages[i].private = order;
	if (folio) {
		pages[i].flags |= HEAD;
		pages[i].mapcount = draw(9) ? -1 : s->hugetlb;
	} else {
		pages[i].mapcount = s->buddy;
		pages[i].refcount = 0;
	}
	for (size_t j = i + 1; j < end && j < N_FRAMES; j++) {
		if (folio)
			pages[j].head = s->masks ? ~0UL << (told + 6) | 1
						 : BASE + (FIRST + i) * 64 + 1;
		pages[j].flags &= ~(uint64_t)(HEAD | POISON);
		pages[j].mapcount = -1;
		pages[j].refcount = 0;
	}
	if (folio && i + 1 < N_FRAMES)
		pages[i + 1].flags = (pages[i + 1].flags & ~0xffUL) | order;
	return end;
}

static void put_memory(const struct scheme *s)
{
	for (size_t i = 0; i < N_FRAMES; i++)
		pages[i] = (struct page){ .flags = some_flags(), .mapping = some_mapping(),
					  .mapcount = -1, .refcount = 1 };
	for (size_t i = 0; i < N_FRAMES; ) {
		uint64_t what = draw(4);
		struct page one = pages[i];

		if (what < 2) {
			i = put_block(s, i, what);
			continue;
		}
		one.mapcount = some_mapcount(s);
		for (size_t end = i + 1 + draw(200); i < end && i < N_FRAMES; i++)
			pages[i] = one;
	}
	/* What is not in order: a word of some struct page that says something else. */
	for (uint64_t n = draw(40); n; n--) {
		struct page *p = &pages[draw(N_FRAMES)];

		switch (draw(6)) {
		case 0: p->flags = some_flags(); break;
		case 1: p->flags |= draw(2) ? POISON : HEAD; break;
		case 2: p->mapcount = some_mapcount(s); break;
		case 3: p->refcount = draw(3); break;
		case 4: p->mapping = some_mapping(); break;
		case 5:
			p->head = draw(3) ? BASE + (FIRST + draw(N_FRAMES)) * 64 + draw(2)
					  : ~0UL << draw(20) | 1;
			break;
		}
	}
}

/* ---- the comparison ----------------------------------------------------------- */

static void test_round(const struct scheme *s)
{
	const struct kinfo k = kernel(s);
	struct physmem pm = { .read = read_pages };
	struct space space = { .pm = &pm, .last = { BASE, 0, 1UL << 40 } };
	struct memmap map = { .space = &space, .size_page = 64 };
	struct page text = { .flags = RESERVED };
	unsigned level = draw(32), window = 64u << draw(4);
	struct filter fast, slow;

	put_memory(s);
	filter_init(&fast, &k, &map, level);
	T_EQUAL(s->row, s->runs, fast.test.usable);
	filter_learn_reserved(&fast, (uint8_t *)&text);
	slow = fast;
	slow.test.usable = false;
	for (size_t i = 0; i < N_FRAMES; i += window) {
		uint64_t a[8], b[8];

		for (size_t w = 0; w < window / 64; w++)
			a[w] = b[w] = draw(3) ? ~0UL : draw(2) ? 0 : draw(~0UL);
		filter_window(&fast, FIRST + i, window, (uint8_t *)&pages[i], BASE, a);
		filter_window(&slow, FIRST + i, window, (uint8_t *)&pages[i], BASE, b);
		T_CHECK(s->row, !memcmp(a, b, window / 8));
		T_CHECK(s->row, !memcmp(fast.boot, slow.boot, sizeof(fast.boot)));
		T_CHECK(s->row, !memcmp(fast.vital, slow.vital, sizeof(fast.vital)));
	}
	for (int v = 0; v < N_VERDICTS; v++)
		T_EQUAL(s->row, slow.n[v], fast.n[v]);
}

int main(void)
{
	for (size_t i = 0; i < T_SIZE(schemes); i++)
		for (int round = 0; round < ROUNDS; round++)
			test_round(&schemes[i]);
	return t_done();
}
