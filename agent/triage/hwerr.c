/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One table of counts and times (Linux kernel/vmcore_info.c), made for who reads a core. */
#include "hwerr.h"

#include "base/err.h"

#define COUNT_MAX 0x7fffffffu	/* of an int */

#define AT(member) offsetof(struct hwerr_facts, member)
#define KIND(kind) (AT(kinds) + (kind) * sizeof(int64_t))

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "hwerr_data", AT(table) },
	{ WISH_SIZE, "hwerr_info", AT(entry_len) },
	{ WISH_VALUE, "hwerr_error_type.HWERR_RECOV_CPU", KIND(HWERR_CPU) },
	{ WISH_VALUE, "hwerr_error_type.HWERR_RECOV_MEMORY", KIND(HWERR_MEMORY) },
	{ WISH_VALUE, "hwerr_error_type.HWERR_RECOV_PCI", KIND(HWERR_PCI) },
	{ WISH_VALUE, "hwerr_error_type.HWERR_RECOV_CXL", KIND(HWERR_CXL) },
	{ WISH_VALUE, "hwerr_error_type.HWERR_RECOV_OTHERS", KIND(HWERR_OTHER) },
	WISH_FIELD("hwerr_info.count", AT(count)),
	WISH_FIELD("hwerr_info.timestamp", AT(time)),
};

const struct wish_set hwerr_wishes = WISH_SET(wishes, struct hwerr_facts);

const char *hwerr_name(enum hwerr_kind kind)
{
	static const char *const names[] = { "cpu", "memory", "pci", "cxl", "other" };

	return names[kind];
}

unsigned hwerr_read(struct space *s, const struct hwerr_facts *f,
		    struct hwerr found[HWERR_KINDS])
{
	unsigned n = 0;

	for (int kind = 0; kind < HWERR_KINDS; kind++) {
		vaddr_t at;
		uint64_t count;

		if (!has(f->table) || !has(f->entry_len) || !has(f->kinds[kind]) ||
		    f->kinds[kind] >= HWERR_KINDS || f->kinds[kind] < 0)
			continue;
		at = (vaddr_t)f->table + f->kinds[kind] * f->entry_len;
		if (!field_read(s, at, f->count, &count) || !count || count > COUNT_MAX)
			continue;
		found[n++] = (struct hwerr){ kind, count,
					     (int64_t)field_value(s, at, f->time) };
	}
	return n;
}
