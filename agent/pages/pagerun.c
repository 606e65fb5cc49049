/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of struct pages that are alike. One cache line of memory for each struct page, so
 * the loops must not be slower than memory is: no calls, one branch for each page, and
 * the line to come is asked for early.
 */
#include "pagerun.h"

size_t run_unused(const struct page_test *t, const uint8_t *page, size_t n)
{
	const struct page_test test = *t;

	for (size_t i = 0; i < n; i++, page += test.size) {
		__builtin_prefetch(page + PAGERUN_AHEAD);
		if ((get_u64(page + test.flags) & test.odd_flags) |
		    (get_u64(page + test.head) & 1) | get_u32(page + test.refcount) |
		    page_is_typed(&test, page))
			return i;
	}
	return n;
}

size_t run_tails(const struct page_test *t, const uint8_t *page, size_t n, uint64_t word)
{
	const struct page_test test = *t;

	for (size_t i = 0; i < n; i++, page += test.size) {
		__builtin_prefetch(page + PAGERUN_AHEAD);
		if ((get_u64(page + test.flags) & test.poison_flags) |
		    (get_u64(page + test.head) ^ word))
			return i;
	}
	return n;
}

size_t run_alike(const struct page_test *t, const uint8_t *page, size_t n)
{
	const struct page_test test = *t;
	uint64_t flags = n ? get_u64(page + test.flags) & test.kind_flags : 0;
	uint64_t mapping = n ? get_u64(page + test.mapping) & test.kind_mapping : 0;

	for (size_t i = 0; i < n; i++, page += test.size) {
		uint64_t f = get_u64(page + test.flags);

		__builtin_prefetch(page + PAGERUN_AHEAD);
		if ((f & test.odd_flags) | ((f & test.kind_flags) ^ flags) |
		    ((get_u64(page + test.mapping) & test.kind_mapping) ^ mapping) |
		    (get_u64(page + test.head) & 1) | page_is_typed(&test, page))
			return i;
	}
	return n;
}
