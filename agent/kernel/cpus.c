/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts about CPUs: all are symbols, which have had these names since before 5.10. */
#include "cpus.h"

#define AT(member) offsetof(struct cpu_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "__per_cpu_offset", AT(per_cpu_offset) },
	{ WISH_SYMBOL, "nr_cpu_ids", AT(nr_cpu_ids) },
	{ WISH_SYMBOL, "__cpu_possible_mask", AT(possible) },
	{ WISH_SYMBOL, "panic_cpu", AT(panic_cpu) },
	{ WISH_SYMBOL, "crash_notes", AT(crash_notes) },
};

const struct wish_set cpu_wishes = WISH_SET(wishes, struct cpu_facts);
