/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding, which differs between kernels, is in the layout; deciding does not
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
#include "memmap.h"
#include "pfnset.h"
#include "vmcoreinfo.h"

#define MAPPING_ANON 1ULL	/* lowest bit of page->mapping, KSM has it too */
#define MAX_FOLIO_ORDER 22	/* 16 GiB of 4 KiB pages; hugetlb's largest is 18 */
#define TYPE_UNACCEPTED_TOP_BYTE ((int64_t)(int32_t)0xf7000000)

static const char *const names[N_VERDICTS] = {
	[KEEP] = "kept",
	[KEEP_UNKNOWN] = "kept_unknown",
	[KEEP_CHOSEN] = "kept_chosen",
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

/* ---- layout ----------------------------------------------------------------- */

static uint64_t flag(int64_t bit)
{
	return bit >= 0 && bit < 64 ? 1ULL << bit : 0;
}

static int offset_or_none(int64_t at)
{
	return has(at) ? (int)at : -1;
}

/* Where a folio keeps its order, and whether it is hugetlb, has moved four times. */
static void layout_compound(struct page_layout *l, const struct kinfo *k)
{
	l->head_mask = has(k->pg_head_mask) ? (uint64_t)k->pg_head_mask : 0;
	l->head = offset_or_none(has(k->page_compound_info) ? k->page_compound_info
							    : k->page_compound_head);
	l->order_at = l->dtor_at = -1;
	if (has(k->page_compound_order)) {
		l->order_at = k->size_page + k->page_compound_order;
		if (has(k->page_compound_dtor))
			l->dtor_at = k->size_page + k->page_compound_dtor;
	} else if (has(k->folio_order)) {
		l->order_at = offset_or_none(k->folio_order);
		l->dtor_at = offset_or_none(k->folio_dtor);
		/* A folio overlays at most the first two struct pages we look at. */
		if (k->folio_order < 0 || k->folio_order >= 2 * k->size_page)
			l->order_at = -1;
		if (k->folio_dtor < 0 || k->folio_dtor >= 2 * k->size_page)
			l->dtor_at = -1;
	} else {
		l->order_in_flags = true;
	}
	l->hugetlb = k->type_hugetlb;
	l->hugetlb_flag = has(l->hugetlb) ? 0 : flag(k->pg_hugetlb);
	l->hugetlb_dtor = has(k->hugetlb_dtor) ? (int)k->hugetlb_dtor : -1;
	if (has(l->hugetlb) || l->hugetlb_flag || l->hugetlb_dtor < 0)
		l->dtor_at = -1;
}

static void layout_types(struct page_layout *l, const struct kinfo *k)
{
	l->buddy = k->type_buddy;
	l->offline = k->type_offline;
	l->unaccepted = k->type_unaccepted;
	l->has_types = has(l->buddy);
	l->types_in_top_byte = l->has_types && !(l->buddy & 0xffffff);
	/* The type existed from 6.12 on, its key only from 6.16 on. */
	if (!has(l->unaccepted) && l->types_in_top_byte)
		l->unaccepted = TYPE_UNACCEPTED_TOP_BYTE;
	l->n_orders = k->n_orders > 0 && k->n_orders <= 32 ? k->n_orders : 0;
}

/*
 * Page types live in _mapcount (Linux include/linux/page-flags.h). Up to 6.11 a
 * type is a bit cleared in a word of ones, from 6.12 on a number in the top byte.
 */
static bool has_type(const struct page_layout *l, int32_t mapcount)
{
	if (l->types_in_top_byte) {
		uint8_t top = (uint32_t)mapcount >> 24;

		return top >= 0xf0 && top != 0xff;
	}
	/* 6.11 left 16 low bits to the owner; before, only counts from -128 up were. */
	return ~l->buddy >= 0x10000 ? mapcount < (int32_t)0xffff0000 : mapcount < -128;
}

/* Is each page of that type one that has_type()? Of all kernels that we know, yes. */
static bool is_covered(const struct page_layout *l, int64_t type)
{
	return !has(type) || (has_type(l, (int32_t)type) &&
			      (!l->types_in_top_byte || !(type & 0xffffff)));
}

/* The same in a form for long runs; what does not fit it is judged page by page. */
static void layout_test(const struct page_layout *l, struct page_test *t)
{
	*t = (struct page_test){
		.usable = l->has_types && l->head >= 0 && l->refcount >= 0 &&
			  is_covered(l, l->buddy) && is_covered(l, l->offline) &&
			  is_covered(l, l->hugetlb) && is_covered(l, l->unaccepted),
		.size = l->size,
		.flags = l->flags,
		.head = l->head,
		.mapping = l->mapping,
		.mapcount = l->mapcount,
		.refcount = l->refcount,
		.odd_flags = l->head_mask | l->hwpoison,
		.poison_flags = l->hwpoison,
		.kind_flags = l->lru | l->private_bit | l->swapcache | l->swapbacked | l->slab,
		.kind_mapping = MAPPING_ANON,
		.type_base = l->types_in_top_byte ? 0xf0000000 : 0x80000000,
		.type_span = l->types_in_top_byte ? 0x0f000000
			     : ~l->buddy >= 0x10000 ? 0x7fff0000 : 0x7fffff80,
	};
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
	l->size = k->size_page;
	l->page_size = k->page_size;
	l->flags = k->page_flags;
	l->mapping = k->page_mapping;
	l->mapcount = k->page_mapcount;
	l->private = offset_or_none(k->page_private);
	l->refcount = offset_or_none(k->page_refcount);
	l->lru = flag(k->pg_lru);
	l->private_bit = flag(k->pg_private);
	l->swapcache = flag(k->pg_swapcache);
	l->swapbacked = flag(k->pg_swapbacked);
	l->slab = flag(k->pg_slab);
	l->hwpoison = flag(k->pg_hwpoison);
	layout_compound(l, k);
	layout_types(l, k);
	layout_test(l, &f->test);

	if (!l->has_types || !l->n_orders || l->private < 0)
		lower(f, LEVEL_FREE, "this kernel does not tell how to recognise free pages");
	if (!l->lru || !l->private_bit || !l->swapcache || !l->swapbacked)
		lower(f, LEVEL_CACHE | LEVEL_CACHE_PRIVATE,
		      "this kernel does not tell how to recognise the page cache");
	if (!has(k->pg_slab) && !has(k->type_slab))
		lower(f, LEVEL_CACHE | LEVEL_CACHE_PRIVATE | LEVEL_USER,
		      "this kernel does not tell how to recognise slab pages");
}

/* ---- one struct page -------------------------------------------------------- */

static uint64_t flags_of(const struct page_layout *l, const uint8_t *page)
{
	return get_u64(page + l->flags);
}

static int32_t mapcount_of(const struct page_layout *l, const uint8_t *page)
{
	return (int32_t)get_u32(page + l->mapcount);
}

static bool type_is(int64_t type, int32_t mapcount)
{
	uint32_t bit, base;

	if (!has(type))
		return false;
	if (!(type & 0xffffff))
		return (uint32_t)mapcount >> 24 == ((uint32_t)type >> 24);
	bit = ~(uint32_t)type;
	base = bit < 0x10000 ? 0xf0000000 : 0x80000000;
	return ((uint32_t)mapcount & (base | bit)) == base;
}

static bool is_tail(const struct page_layout *l, const uint8_t *page)
{
	return l->head >= 0 && get_u64(page + l->head) & 1;
}

/*
 * Where a tail's head lies. Up to 7.0 the field is a pointer; since 7.1 it may be a
 * mask for the tail's own address, recognised by being all ones from some bit up.
 */
static vaddr_t head_vaddr(const struct page_layout *l, const uint8_t *page, vaddr_t vaddr)
{
	uint64_t v = get_u64(page + l->head) & ~1ULL;

	return is_power_of_two(-v) ? vaddr & v : v;
}

/*
 * hugetlb's vmemmap optimisation (5.18 to 7.0) shows the head's struct page again at
 * the start of each page of tails. What follows it tells them apart.
 */
static bool is_head(const struct page_layout *l, const uint8_t *page, vaddr_t vaddr)
{
	const uint8_t *next = page + l->size;

	return flags_of(l, page) & l->head_mask && is_tail(l, next) &&
	       head_vaddr(l, next, vaddr + l->size) == vaddr;
}

static unsigned folio_order(const struct page_layout *l, const uint8_t *head, pfn_t pfn)
{
	unsigned order = 0;

	if (l->order_at >= 0)
		order = head[l->order_at];
	else if (l->order_in_flags)
		order = flags_of(l, head + l->size) & 0xff;
	if (order > MAX_FOLIO_ORDER || pfn & ((1ULL << order) - 1))
		return 0;
	return order;
}

static bool is_hugetlb(const struct page_layout *l, const uint8_t *head)
{
	if (l->hugetlb_flag)
		return flags_of(l, head + l->size) & l->hugetlb_flag;
	if (l->dtor_at >= 0)
		return head[l->dtor_at] == l->hugetlb_dtor;
	return false;
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

/*
 * A page that stands for itself or for what follows it: *n_ret frames, this one
 * included, share the verdict. `page` is followed by the next struct page if pfn is
 * even, and an odd one heads nothing.
 */
static enum verdict judge(const struct filter *f, pfn_t pfn, const uint8_t *page,
			  vaddr_t vaddr, uint64_t *n_ret)
{
	const struct page_layout *l = &f->layout;
	int32_t mapcount = mapcount_of(l, page);
	uint64_t flags = flags_of(l, page);
	bool head = !(pfn & 1) && is_head(l, page, vaddr), hugetlb;
	bool typed = !f->test.usable || page_is_typed(&f->test, page);

	*n_ret = 1;
	if (typed && l->has_types && type_is(l->buddy, mapcount)) {
		uint64_t order = get_u64(page + l->private);

		if (!(f->level & LEVEL_FREE) || order >= l->n_orders ||
		    pfn & ((1ULL << order) - 1))
			return KEEP;
		*n_ret = 1ULL << order;
		return DROP_FREE;
	}
	if (typed && f->level & LEVEL_FREE && type_is(l->unaccepted, mapcount) &&
	    !(pfn & ((1ULL << (l->n_orders - 1)) - 1))) {
		*n_ret = 1ULL << (l->n_orders - 1);
		return DROP_FREE;
	}
	if (head)
		*n_ret = 1ULL << folio_order(l, page, pfn);
	if (typed && type_is(l->offline, mapcount))
		return DROP_OFFLINE;
	hugetlb = (typed && type_is(l->hugetlb, mapcount)) || (head && is_hugetlb(l, page));
	/* hugetlb marks only the head, whichever page is poisoned. */
	if (hugetlb && flags & l->hwpoison)
		return DROP_HWPOISON;
	if (typed && l->has_types && has_type(l, mapcount))
		return hugetlb && f->level & LEVEL_USER ? DROP_USER : KEEP;
	return judge_untyped(f, flags, get_u64(page + l->mapping), hugetlb);
}

/* A tail whose head was not in this scan's path: ask the head, if it is believable. */
static enum verdict judge_tail(struct filter *f, pfn_t pfn, const uint8_t *page,
			       vaddr_t base)
{
	const struct page_layout *l = &f->layout;
	vaddr_t head = head_vaddr(l, page, base + pfn * l->size);
	pfn_t head_pfn = (head - base) / l->size;
	uint8_t pages[2 * 256];
	uint64_t n;

	if ((head - base) % l->size || head_pfn >= pfn || head_pfn & 1 ||
	    pfn - head_pfn >= 1ULL << MAX_FOLIO_ORDER)
		return KEEP;
	if (head_pfn != f->head_pfn || !f->head_end) {
		f->head_pfn = head_pfn;
		f->head_end = head_pfn + 1;
		f->head_verdict = KEEP;
		if (memmap_read(f->map, base, head_pfn, 2, pages) == 2 &&
		    !is_tail(l, pages) && is_head(l, pages, head)) {
			f->head_verdict = judge(f, head_pfn, pages, head, &n);
			f->head_end = head_pfn + n;
		}
	}
	return pfn < f->head_end ? f->head_verdict : KEEP;
}

/* Does the frame still belong to the block that the last head announced? */
static bool in_extent(const struct filter *f, pfn_t pfn, const uint8_t *page, vaddr_t vaddr)
{
	const struct page_layout *l = &f->layout;
	bool head_flag = flags_of(l, page) & l->head_mask;

	if (pfn >= f->extent_end)
		return false;
	if (f->extent == DROP_FREE)
		return !has_type(l, mapcount_of(l, page)) && !is_tail(l, page) && !head_flag &&
		       (l->refcount < 0 || !get_u32(page + l->refcount));
	if (is_tail(l, page))
		return head_vaddr(l, page, vaddr) == f->extent_head;
	/* The head's struct page, seen again where hugetlb folded the memory map. */
	return head_flag && vaddr % l->page_size == 0 && !is_head(l, page, vaddr);
}

/*
 * What the allocator clears before it puts a page on a list (free_pages_prepare(), Linux
 * mm/page_alloc.c): all flags, of which the lowest 20 bits hold nothing else, and mapping.
 */
bool filter_looks_free(const struct page_layout *l, const uint8_t *page)
{
	return l->refcount >= 0 && !get_u32(page + l->refcount) &&
	       mapcount_of(l, page) == -1 && !(flags_of(l, page) & 0xfffff) &&
	       !get_u64(page + l->mapping) && !is_tail(l, page);
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

static bool is_vital(const struct page_layout *l, const uint8_t *page)
{
	return flags_of(l, page) & l->slab ||
	       (l->has_types && has_type(l, mapcount_of(l, page)));
}

/* A kept frame: is it of the kinds that a reader needs early? Tails are as their head. */
static void mark_worth(struct filter *f, pfn_t pfn, size_t i, const uint8_t *page)
{
	if (flags_of(&f->layout, page) & f->layout.reserved)
		bitmap_set(f->boot, i);
	else if (pfn < f->extent_end && f->extent_vital)
		bitmap_set(f->vital, i);
}

void filter_learn_reserved(struct filter *f, const uint8_t *text_page)
{
	/* Above are zone, node and section, and they start at bit 24 at the lowest. */
	uint64_t flags = flags_of(&f->layout, text_page) & 0xffffff;

	f->layout.reserved = is_power_of_two(flags) ? flags : 0;
}

static enum verdict judge_at(struct filter *f, pfn_t pfn, const uint8_t *page,
			     vaddr_t base)
{
	const struct page_layout *l = &f->layout;
	vaddr_t vaddr = base + pfn * l->size;
	enum verdict v;
	uint64_t n;

	if (in_extent(f, pfn, page, vaddr)) {
		v = f->extent;
	} else if (is_tail(l, page)) {
		v = judge_tail(f, pfn, page, base);
	} else {
		v = judge(f, pfn, page, vaddr, &n);
		f->extent = v;
		f->extent_head = vaddr;
		f->extent_end = pfn + n;
		f->extent_vital = is_vital(l, page);
	}
	return flags_of(l, page) & l->hwpoison ? DROP_HWPOISON : judge_known(f, pfn, v);
}

/*
 * How many of the n frames behind pfn, which has just been judged v, are so much like it
 * that judging them would say the same. Only what is left out: the rest is worth a look.
 */
static size_t run_behind(const struct filter *f, pfn_t pfn, const uint8_t *page, size_t n,
			 vaddr_t base, enum verdict v)
{
	const uint8_t *next = page + f->test.size;
	vaddr_t vaddr = base + pfn * f->test.size;
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
	    head_vaddr(&f->layout, next, vaddr + f->test.size) != f->extent_head ||
	    head_vaddr(&f->layout, next, vaddr + n * f->test.size) != f->extent_head)
		return 0;
	return run_tails(&f->test, next, n, word);
}

void filter_window(struct filter *f, pfn_t pfn, size_t n, const uint8_t *pages,
		   vaddr_t base, uint64_t *keep)
{
	if (f->percpu)
		pfnset_reach(f->percpu, pfn);
	if (f->chosen)
		pfnset_reach(f->chosen, pfn);
	memset(f->boot, 0, sizeof(f->boot));
	memset(f->vital, 0, sizeof(f->vital));
	for (size_t i = bitmap_next(keep, n, 0); i < n; i = bitmap_next(keep, n, i + 1)) {
		const uint8_t *page = pages + i * f->layout.size;
		enum verdict v;

		__builtin_prefetch(page + PAGERUN_AHEAD);
		v = judge_at(f, pfn + i, page, base);
		if (verdict_keeps(v)) {
			f->n[v]++;
			mark_worth(f, pfn + i, i, page);
		} else {
			size_t more = run_behind(f, pfn + i, page, n - i - 1, base, v);

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
