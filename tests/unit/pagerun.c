/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages/pagerun, as the filter uses it: whatever struct pages there are, judging them in
 * runs says the same as judging each alone. Made-up memory of blocks, folios and rows of
 * singles, most of it in order and some of it not, in the ways that three kernels and a
 * VMCOREINFO that contradicts itself would have it.
 */
#include <errno.h>
#include <stddef.h>

#include "base/err.h"
#include "kernel/memmap.h"
#include "page.h"
#include "pages/filter.h"
#include "t.h"
#include "vmcore/space.h"
#include "vmcore/vmcoreinfo.h"

#define N_FRAMES 2048u
#define FIRST 0x100000UL
#define BASE 0xffffea0000000000UL
#define ROUNDS 400

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
	struct kinfo k = page_kernel();

	k.pg_slab = 9;
	k.type_buddy = s->buddy;
	k.type_offline = s->offline;
	k.type_hugetlb = s->hugetlb;
	k.type_unaccepted = s->unaccepted;
	return k;
}

/* ---- memory ------------------------------------------------------------------- */

static uint64_t some_flags(void)
{
	static const uint64_t sets[] = {
		0, LRU, LRU | SWAPBACKED, LRU | PRIVATE, SWAPBACKED | SWAPCACHE, RESERVED,
		1 << 9, LRU | SWAPBACKED | SWAPCACHE, HEAD, POISON,
	};

	return sets[t_draw(t_draw(8) ? 8 : T_SIZE(sets))] | 0x0017ffffc0000000;
}

static uint64_t some_mapping(void)
{
	static const uint64_t words[] = { 0, 0xffff888001234560, 0xffff888001234561,
					  0xffff888001234562, 0xffff888001234563 };

	return words[t_draw(T_SIZE(words))];
}

static int32_t some_mapcount(const struct scheme *s)
{
	const int64_t words[] = { -1, -1, -1, 0, 1, 7, -2, -128, -129, -257, -1025,
				  (int32_t)0x80000000, (int32_t)0x7fffffff, (int32_t)0xffff0000,
				  (int32_t)0xfffeffff, (int32_t)0xf5000000,
				  (int32_t)0xf6000abc, (int32_t)0xfe000000, (int32_t)0xff000000,
				  (int32_t)0xefffffff, s->buddy, s->offline, s->hugetlb,
				  has(s->unaccepted) ? s->unaccepted : -1 };

	return words[t_draw(t_draw(6) ? 6 : T_SIZE(words))];
}

/* A folio or free block of up to 1 << 9 frames, of which the memory may have less. */
static size_t put_block(const struct scheme *s, size_t i, bool folio)
{
	unsigned order = t_draw(10), told;
	size_t end;

	while ((FIRST + i) % (1UL << order))
		order--;
	end = i + (1UL << order);
	told = order && !t_draw(6) ? t_draw(order) : order;	/* what the masks say */
	if (!order)
		folio = false;
	pages[i].private = order;
	if (folio) {
		pages[i].flags |= HEAD;
		pages[i].mapcount = t_draw(9) ? -1 : s->hugetlb;
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
		uint64_t what = t_draw(4);
		struct page one = pages[i];

		if (what < 2) {
			i = put_block(s, i, what);
			continue;
		}
		one.mapcount = some_mapcount(s);
		for (size_t end = i + 1 + t_draw(200); i < end && i < N_FRAMES; i++)
			pages[i] = one;
	}
	/* What is not in order: a word of some struct page that says something else. */
	for (uint64_t n = t_draw(40); n; n--) {
		struct page *p = &pages[t_draw(N_FRAMES)];

		switch (t_draw(6)) {
		case 0: p->flags = some_flags(); break;
		case 1: p->flags |= t_draw(2) ? POISON : HEAD; break;
		case 2: p->mapcount = some_mapcount(s); break;
		case 3: p->refcount = t_draw(3); break;
		case 4: p->mapping = some_mapping(); break;
		case 5:
			p->head = t_draw(3) ? BASE + (FIRST + t_draw(N_FRAMES)) * 64 + t_draw(2)
					  : ~0UL << t_draw(20) | 1;
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
	unsigned level = t_draw(32), window = 64u << t_draw(4);
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
			a[w] = b[w] = t_draw(3) ? ~0UL : t_draw(2) ? 0 : t_draw(~0UL);
		judge(&fast, FIRST + i, window, &pages[i], a);
		judge(&slow, FIRST + i, window, &pages[i], b);
		T_CHECK(s->row, !memcmp(a, b, window / 8));
		T_CHECK(s->row, !memcmp(fast.reserved, slow.reserved, sizeof(fast.reserved)));
		T_CHECK(s->row, !memcmp(fast.typed, slow.typed, sizeof(fast.typed)));
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
