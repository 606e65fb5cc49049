/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Their names. */
#include "system_facts.h"

#define AT(member) offsetof(struct system_facts, member)

static const struct wish wishes[] = {
	{ WISH_SYMBOL, "saved_command_line", AT(command_line) },
	{ WISH_SYMBOL, "dump_stack_arch_desc_str", AT(hardware) },
	{ WISH_SYMBOL, "tainted_mask", AT(taint) },
	{ WISH_SYMBOL, "__cpu_online_mask", AT(online_mask) },
	{ WISH_SYMBOL, "__cpu_possible_mask", AT(possible_mask) },
	{ WISH_SYMBOL, "nr_cpu_ids", AT(n_cpu_ids) },
	{ WISH_SYMBOL, "bootloader_type", AT(loader) },
	{ WISH_SYMBOL, "kho_in", AT(handed) },
	{ WISH_OFF, "kho_in.kexec_count", AT(handed_count) },
	{ WISH_OFF, "kho_in.previous_release", AT(handed_release) },
};

const struct wish_set system_wishes = WISH_SET(wishes, struct system_facts);
