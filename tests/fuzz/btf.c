/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's type table: the input is all of it. Looking things up must end soon, there
 * cannot be more types than there is room for, and each of them can be asked about.
 */
#include <stdlib.h>

#include "../unit/flat.h"
#include "kernel/btf_place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct btf_want wants[] = {
		{ .path = "zone" }, { .path = "zone.both" }, { .path = "zone.rows" },
		{ .path = "zone.part.hidden" }, { .path = "zone.rows.both" },
		{ .path = "migratetype.MIGRATE_PCPTYPES" }, { .path = "." },
		{ .path = ".MIGRATE_PCPTYPES" }, { .path = "" }, { .path = "task_struct.comm" },
		{ .path = "zone()" }, { .path = NULL },
	};
	struct vrange where = { FLAT_BASE, FLAT_BASE + size };
	struct btf_member member;
	struct btf_text text;
	struct flat f;
	struct btf b;
	struct err e;

	flat_open(&f, data, size);
	if (!btf_open(&b, &f.space, where, &e))
		return 0;
	btf_find(&b, wants);
	if (!b.n_types || b.n_types > size / 12)
		abort();
	for (uint32_t id = 0; id < b.n_types + 2 && id < 64; id++) {
		btf_type_text(&b, id, "x", &text);
		btf_func_text(&b, id, &text);
		for (uint32_t i = 0; i < 8 && btf_member(&b, id, i, &member); i++)
			btf_type_text(&b, member.field.id, member.name, &text);
	}
	btf_func(&b, "zone", &text);
	for (uint32_t off = 0; off < 64; off += 4)
		btf_argument_member(&b, "zone", off, &text);
	return 0;
}
