/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter. Decoding, which differs between kernels, is in the layout; deciding does not
 * differ. Three rules keep kernel memory in the dump when the data lie:
 *  - a page with a type is what its type says, and no other test looks at it (fields
 *    that overlay `mapping` have passed for anonymous memory in other filters);
 *  - an order counts only if the frame is aligned to it, a folio reaches only as far
 *    as its pages call themselves tails, a free block as far as nobody holds a page;
 *  - poison is looked for on every struct page, tails too, before all else.
 */
#include "filter.h"

#include <stdio.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/bytes.h"
#include "kernel/memmap.h"
#include "kernel/pfnset.h"
#include "vmcore/vmcoreinfo.h"

static const char *const names[N_VERDICTS] = {
	[KEEP] = "kept",
	[KEEP_UNKNOWN] = "kept_unknown",
	[KEEP_ODD] = "kept_odd",
	[KEEP_CHOSEN] = "kept_chosen",
	[KEEP_KNOWN] = "kept_known",
	[DROP_FREE] = "free",
	[DROP_FREE_PERCPU] = "free_percpu",
	[DROP_CACHE] = "cache",
	[DROP_CACHE_PRIVATE] = "cache_private",
	[DROP_USER] = "user",
	[DROP_HWPOISON] = "hwpoison",
	[DROP_OFFLINE] = "offline",
};

const char *verdict_name(enum verdict v)
{
	return names[v];
}

static void lower(struct filter *f, unsigned classes, const char *why)
{
	if (!(f->level & classes))
		return;
	f->level &= ~classes;
	snprintf(f->lowered_why, sizeof(f->lowered_why), "%s", why);
}

void filter_init(struct filter *f, const struct kinfo *k, struct memmap *map,
		 unsigned level)
{
	struct page_layout *l = &f->layout;

	*f = (struct filter){ .map = map, .level = level };
	page_layout_init(l, k);
	page_layout_test(l, &f->test);
	if (!l->has_types || !l->n_orders || l->private < 0)
		lower(f, LEVEL_FREE, "this kernel does not tell how to recognise free pages");
	if (!l->lru || !l->private_bit || !l->swapcache || !l->swapbacked)
		lower(f, LEVEL_CACHE | LEVEL_CACHE_PRIVATE,
		      "this kernel does not tell how to recognise the page cache");
	if (!has(k->pg_slab) && !has(k->type_slab))
		lower(f, LEVEL_CACHE | LEVEL_CACHE_PRIVATE | LEVEL_USER,
		      "this kernel does not tell how to recognise slab pages");
}

/* ---- judging ---------------------------------------------------------------- */

static enum verdict judge_untyped(const struct filter *f, uint64_t flags, uint64_t mapping,
				  bool hugetlb)
{
	const struct page_layout *l = &f->layout;
	uint64_t swap = l->swapbacked | l->swapcache;
	bool anon = mapping & MAPPING_ANON;
	/* PG_swapcache shares its bit with others unless the page is swap-backed. */
	bool cache = (flags & l->lru || (flags & swap) == swap) && !anon;

	if (flags & l->slab)
		return KEEP;
	if (cache && !(flags & l->private_bit) && f->level & LEVEL_CACHE)
		return DROP_CACHE;
	if (cache && f->level & LEVEL_CACHE_PRIVATE)
		return DROP_CACHE_PRIVATE;
	if ((anon || hugetlb) && f->level & LEVEL_USER)
		return DROP_USER;
	return KEEP;
}

/* Where the struct page of a frame lies. */
static vaddr_t vaddr_of(const struct filter *f, pfn_t pfn)
{
	return f->base + pfn * f->layout.size;
}

/*
 * A page that stands for itself or for what follows it: *n_ret frames, this one
 * included, share the verdict. `page` is followed by the next struct page if pfn is
 * even, and an odd one heads nothing.
 */
static enum verdict judge(const struct filter *f, pfn_t pfn, const uint8_t *page,
			  uint64_t *n_ret)
{
	const struct page_layout *l = &f->layout;
	vaddr_t vaddr = vaddr_of(f, pfn);
	int32_t mapcount = page_mapcount(l, page);
	uint64_t flags = page_flags(l, page);
	bool head = !(pfn & 1) && page_is_head(l, page, vaddr), hugetlb;
	bool typed = !f->test.usable || page_is_typed(&f->test, page);

	*n_ret = 1;
	if (typed && l->has_types && page_type_is(l->buddy, mapcount)) {
		uint64_t order;

		/* Only at this level does the layout have all that is needed. */
		if (!(f->level & LEVEL_FREE))
			return KEEP;
		order = get_u64(page + l->private);
		if (order >= l->n_orders || pfn & ((1ULL << order) - 1))
			return KEEP_ODD;
		*n_ret = 1ULL << order;
		return DROP_FREE;
	}
	if (typed && f->level & LEVEL_FREE && page_type_is(l->unaccepted, mapcount) &&
	    !(pfn & ((1ULL << (l->n_orders - 1)) - 1))) {
		*n_ret = 1ULL << (l->n_orders - 1);
		return DROP_FREE;
	}
	if (head)
		*n_ret = 1ULL << page_folio_order(l, page, pfn);
	if (typed && page_type_is(l->offline, mapcount))
		return DROP_OFFLINE;
	hugetlb = (typed && page_type_is(l->hugetlb, mapcount)) ||
		  (head && page_is_hugetlb(l, page));
	/* hugetlb marks only the head, whichever page is poisoned. */
	if (hugetlb && flags & l->hwpoison)
		return DROP_HWPOISON;
	if (typed && l->has_types && page_has_type(l, mapcount))
		return hugetlb && f->level & LEVEL_USER ? DROP_USER : KEEP;
	return judge_untyped(f, flags, get_u64(page + l->mapping), hugetlb);
}

/* A tail whose head was not in this scan's path: ask the head, if it is believable. */
static enum verdict judge_tail(struct filter *f, pfn_t pfn, const uint8_t *page)
{
	const struct page_layout *l = &f->layout;
	vaddr_t head = page_head_vaddr(l, page, vaddr_of(f, pfn));
	pfn_t head_pfn = (head - f->base) / l->size;
	uint8_t pages[2 * PAGE_STRUCT_MAX];
	uint64_t n;

	if ((head - f->base) % l->size || head_pfn >= pfn || head_pfn & 1 ||
	    pfn - head_pfn >= 1ULL << MAX_FOLIO_ORDER)
		return KEEP;
	if (head_pfn != f->head_pfn || !f->head_end) {
		f->head_pfn = head_pfn;
		f->head_end = head_pfn + 1;
		f->head_verdict = KEEP;
		if (memmap_read(f->map, f->base, head_pfn, 2, pages) == 2 &&
		    !page_is_tail(l, pages) && page_is_head(l, pages, head)) {
			f->head_verdict = judge(f, head_pfn, pages, &n);
			f->head_end = head_pfn + n;
		}
	}
	return pfn < f->head_end ? f->head_verdict : KEEP;
}

/* Does the frame still belong to the block that the last head announced? */
static bool in_extent(const struct filter *f, pfn_t pfn, const uint8_t *page)
{
	const struct page_layout *l = &f->layout;
	vaddr_t vaddr = vaddr_of(f, pfn);
	bool head_flag = page_flags(l, page) & l->head_mask;

	if (pfn >= f->extent_end)
		return false;
	if (f->extent == DROP_FREE)
		return !page_has_type(l, page_mapcount(l, page)) && !page_is_tail(l, page) &&
		       !head_flag && (l->refcount < 0 || !get_u32(page + l->refcount));
	if (page_is_tail(l, page))
		return page_head_vaddr(l, page, vaddr) == f->extent_head;
	/* The head's struct page, seen again where hugetlb folded the memory map. */
	return head_flag && vaddr % l->page_size == 0 && !page_is_head(l, page, vaddr);
}

/*
 * What the allocator clears before it puts a page on a list (free_pages_prepare(), Linux
 * mm/page_alloc.c): all flags, of which the lowest 20 bits hold nothing else, and mapping.
 */
bool filter_looks_free(const struct page_layout *l, const uint8_t *page)
{
	return l->refcount >= 0 && !get_u32(page + l->refcount) &&
	       page_mapcount(l, page) == -1 && !(page_flags(l, page) & 0xfffff) &&
	       !get_u64(page + l->mapping) && !page_is_tail(l, page);
}

/* What no struct page tells. */
static enum verdict judge_known(const struct filter *f, pfn_t pfn, enum verdict v)
{
	bool user = v == DROP_CACHE || v == DROP_CACHE_PRIVATE || v == DROP_USER;

	if (v == KEEP && f->percpu && f->level & LEVEL_FREE && pfnset_has(f->percpu, pfn))
		return DROP_FREE_PERCPU;
	if (user && f->chosen && pfnset_has(f->chosen, pfn))
		return KEEP_CHOSEN;
	return v;
}

static bool is_kernels(const struct page_layout *l, const uint8_t *page)
{
	return page_flags(l, page) & l->slab ||
	       (l->has_types && page_has_type(l, page_mapcount(l, page)));
}

/* A kept frame: what more is told of it than that. Tails are as their head. */
static void mark_class(struct filter *f, pfn_t pfn, size_t i, const uint8_t *page)
{
	if (page_flags(&f->layout, page) & f->layout.reserved)
		bitmap_set(f->reserved, i);
	else if (pfn < f->extent_end && f->extent_typed)
		bitmap_set(f->typed, i);
}

void filter_learn_reserved(struct filter *f, const uint8_t *text_page)
{
	/* Above are zone, node and section, and they start at bit 24 at the lowest. */
	uint64_t flags = page_flags(&f->layout, text_page) & 0xffffff;

	f->layout.reserved = is_power_of_two(flags) ? flags : 0;
}

static enum verdict judge_at(struct filter *f, pfn_t pfn, const uint8_t *page)
{
	const struct page_layout *l = &f->layout;
	enum verdict v;
	uint64_t n;

	if (in_extent(f, pfn, page)) {
		v = f->extent;
	} else if (page_is_tail(l, page)) {
		v = judge_tail(f, pfn, page);
	} else {
		v = judge(f, pfn, page, &n);
		f->extent = v;
		f->extent_head = vaddr_of(f, pfn);
		f->extent_end = pfn + n;
		f->extent_typed = is_kernels(l, page);
	}
	return page_flags(l, page) & l->hwpoison ? DROP_HWPOISON : judge_known(f, pfn, v);
}

/*
 * How many of the n frames behind the i-th, which has just been judged v, are so much like
 * it that judging them would say the same. Only what is left out: the rest is worth a look.
 */
static size_t run_behind(const struct filter *f, const struct page_window *w, size_t i,
			 size_t n, enum verdict v)
{
	const uint8_t *page = w->pages + i * f->test.size, *next = page + f->test.size;
	pfn_t pfn = w->pfn + i;
	vaddr_t vaddr = vaddr_of(f, pfn);
	uint64_t word;

	if (!f->test.usable || !n || v != f->extent || v < DROP_FREE || v > DROP_USER)
		return 0;
	if (f->chosen && v != DROP_FREE)
		return 0;
	if (pfn + 1 >= f->extent_end) {
		/* A frame for itself, if it was that which made the extent. */
		if (f->extent_head != vaddr || f->extent_end != pfn + 1)
			return 0;
		n = run_alike(&f->test, page, n + 1);
		return n ? n - 1 : 0;
	}
	n = min_u64(n, f->extent_end - pfn - 1);
	if (v == DROP_FREE)
		return run_unused(&f->test, next, n);
	/* A mask that leads from the first and the last of them to the head does from all. */
	word = get_u64(next + f->test.head);
	if (!(word & 1) ||
	    page_head_vaddr(&f->layout, next, vaddr + f->test.size) != f->extent_head ||
	    page_head_vaddr(&f->layout, next, vaddr + n * f->test.size) != f->extent_head)
		return 0;
	return run_tails(&f->test, next, n, word);
}

/*
 * What is known beats what a damaged struct page says; but not where there is poison, or
 * nothing at all behind the frame: to read that could kill us.
 */
static enum verdict insist(const struct filter *f, size_t i, enum verdict v)
{
	bool known = f->known && bitmap_test(f->known, i);

	return known && v >= DROP_FREE && v <= DROP_USER ? KEEP_KNOWN : v;
}

void filter_window(struct filter *f, const struct page_window *w)
{
	uint64_t *keep = w->keep;
	size_t n = w->n;

	f->base = w->base;
	/* What the operator asked for has the first turn at the time that there is for both. */
	if (f->chosen)
		pfnset_reach(f->chosen, w->pfn);
	if (f->percpu)
		pfnset_reach(f->percpu, w->pfn);
	memset(f->reserved, 0, sizeof(f->reserved));
	memset(f->typed, 0, sizeof(f->typed));
	for (size_t i = bitmap_next(keep, n, 0); i < n; i = bitmap_next(keep, n, i + 1)) {
		const uint8_t *page = w->pages + i * f->layout.size;
		enum verdict v;

		__builtin_prefetch(page + PAGERUN_AHEAD);
		v = insist(f, i, judge_at(f, w->pfn + i, page));
		if (verdict_keeps(v)) {
			f->n[v]++;
			mark_class(f, w->pfn + i, i, page);
		} else {
			size_t end = f->known ? bitmap_next(f->known, n, i + 1) : n;
			size_t more = run_behind(f, w, i, end - i - 1, v);

			f->n[v] += bitmap_clear_range(keep, i, i + 1 + more);
			i += more;
		}
	}
}

void filter_unknown(struct filter *f, size_t n, const uint64_t *keep)
{
	for (size_t i = bitmap_next(keep, n, 0); i < n; i = bitmap_next(keep, n, i + 1))
		f->n[KEEP_UNKNOWN]++;
}

struct filter_extent filter_extent(const struct filter *f)
{
	return (struct filter_extent){ f->extent_end, f->extent, f->extent_head,
				       f->extent_typed };
}

void filter_rewind(struct filter *f, const struct filter_extent *extent)
{
	f->extent_end = extent->end;
	f->extent = extent->verdict;
	f->extent_head = extent->head;
	f->extent_typed = extent->typed;
	f->head_pfn = f->head_end = 0;
}
