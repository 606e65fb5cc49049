/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of a struct page. Where a fact has moved from kernel to kernel, the keys
 * tell which place it has.
 */
#include "page_layout.h"

#define TYPE_UNACCEPTED_TOP_BYTE ((int64_t)(int32_t)0xf7000000)

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

void page_layout_init(struct page_layout *l, const struct kinfo *k)
{
	*l = (struct page_layout){ .size = k->size_page };
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
}

/* Is each page of that type one that page_has_type()? Of all kernels that we know, yes. */
static bool is_covered(const struct page_layout *l, int64_t type)
{
	return !has(type) || (page_has_type(l, (int32_t)type) &&
			      (!l->types_in_top_byte || !(type & 0xffffff)));
}

void page_layout_test(const struct page_layout *l, struct page_test *t)
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
