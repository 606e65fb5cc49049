/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMCOREINFO text of any kind: parsing ends, and what is called plausible can be used. */
#include <stdlib.h>

#include "base/err.h"
#include "pages/filter.h"
#include "vmcore/vmcoreinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter f;
	struct kinfo k;
	struct err e;

	if (!vmcoreinfo_parse(&k, (const char *)data, size, &e) ||
	    !vmcoreinfo_plausible(&k, &e))
		return 0;
	filter_init(&f, &k, NULL, 31);
	/* An odd frame and an even one; their struct pages are all bits of the input. */
	for (pfn_t pfn = 0; pfn < 4; pfn += 2) {
		uint64_t keep = 3;
		uint8_t *pages = malloc(2 * f.layout.size);

		for (size_t i = 0; i < 2 * f.layout.size; i++)
			pages[i] = size ? data[(i * 7 + pfn) % size] & ~1 : 0;
		if (f.layout.head >= 0)	/* a head elsewhere would be looked up */
			pages[f.layout.head] = pages[f.layout.size + f.layout.head] = 0;
		filter_window(&f, &(struct page_window){ pfn, 2, pages, 0xffffea0000000000,
							  &keep });
		free(pages);
	}
	return 0;
}
