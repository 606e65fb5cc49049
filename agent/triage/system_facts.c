/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Their names. */
#include "system_facts.h"

#define AT(member) offsetof(struct system_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "saved_command_line", AT(command_line) },
	{ WISH_SYMBOL, "dmi_ids_string", AT(hardware) },
	{ WISH_SYMBOL, "tainted_mask", AT(taint) },
	{ WISH_SYMBOL, "__cpu_online_mask", AT(online_mask) },
	{ WISH_SYMBOL, "__cpu_possible_mask", AT(possible_mask) },
	{ WISH_SYMBOL, "nr_cpu_ids", AT(n_cpu_ids) },
};

const struct wish_set system_wishes = WISH_SET(wishes, struct system_facts);
