/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A dump file of any kind: opening it, checking all of it, single pages at the edges. */
#include "dump_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct kdump_reader *r)
{
	const uint64_t pfns[] = { 0, 1, r->max_pfn / 2, r->max_pfn - 1, r->max_pfn,
				  UINT64_MAX };
	struct kdump_findings found = { 0 };
	const uint8_t *page;
	struct err e;

	for (size_t i = 0; i < sizeof(pfns) / sizeof(pfns[0]); i++)
		kdump_page(r, pfns[i], &page, &e);
	kdump_check(r, &found, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	dump_file_try(data, size, look);
	return 0;
}
