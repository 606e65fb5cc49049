/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The struct pages of the kernel's text. Two pages are read, since a filter's window has
 * an even number of them.
 */
#include "text_pages.h"

#include <errno.h>

#include "base/err.h"
#include "filter.h"
#include "kernel/kernel.h"

#define N_PAGES 2

struct text_pages {
	pfn_t pfn;
	vaddr_t base;
	uint8_t pages[N_PAGES * PAGE_STRUCT_MAX];
};

static bool text_pages_read(struct text_pages *t, struct kernel *kn, struct err *e)
{
	paddr_t text = kn->space.arch->image(&kn->k, kn->k.stext);

	t->pfn = memmap_pfn(&kn->map, text) & ~1ULL;
	if (!memmap_base(&kn->map, t->pfn, &t->base, e))
		return within(e, "memory map of the kernel's text");
	if (memmap_read(&kn->map, t->base, t->pfn, N_PAGES, t->pages) != N_PAGES)
		return fail(e, EFAULT, "struct pages of the kernel's text cannot be read");
	return true;
}

void text_pages_filter(struct filter *f, struct kernel *kn, unsigned level)
{
	struct text_pages t;
	struct err ignored;

	filter_init(f, &kn->k, &kn->map, level);
	if (text_pages_read(&t, kn, &ignored))
		filter_learn_reserved(f, t.pages);
}

void text_pages_check(struct kernel *kn)
{
	struct text_pages t;
	struct err e;
	uint64_t keep = 3;
	struct page_window w = { .n = N_PAGES, .keep = &keep };
	struct filter f;

	if (!kn->trusted)
		return;
	if (!text_pages_read(&t, kn, &e)) {
		kernel_distrust(kn, e.text);
		return;
	}
	filter_init(&f, &kn->k, &kn->map, LEVEL_ALL);
	w.pfn = t.pfn;
	w.pages = t.pages;
	w.base = t.base;
	filter_window(&f, &w);
	if (keep != 3)
		kernel_distrust(kn, "struct pages say that the kernel's text is not in use");
}
