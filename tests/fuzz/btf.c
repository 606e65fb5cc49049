/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's type table: the input is all of it. Looking things up must end soon, and
 * there cannot be more types than there is room for.
 */
#include <stdlib.h>

#include "../unit/flat.h"
#include "kernel/btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_want wants[] = {
		{ .type = "zone" },
		{ .type = "zone", .member = "both" },
		{ .type = "zone", .member = "rows" },
		{ .type = "migratetype", .member = "MIGRATE_PCPTYPES" },
		{ .type = "", .member = "" },
		{ .type = "task_struct", .member = "comm" },
	};
	struct flat f;
	struct btf b;
	struct err e;

	flat_open(&f, data, size);
	if (!btf_open(&b, &f.space, FLAT_BASE, FLAT_BASE + size, &e))
		return 0;
	btf_find(&b, wants, sizeof(wants) / sizeof(wants[0]));
	if (!b.n_types || b.n_types > size / 12)
		abort();
	return 0;
}
