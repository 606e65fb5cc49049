/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of CPUs. */
#include "arch.h"

#include <string.h>

static const struct arch *const all[] = { &arch_x86_64, &arch_arm64 };

const struct arch *arch_of(uint16_t e_machine)
{
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->e_machine == e_machine)
			return all[i];
	return NULL;
}

const struct arch *arch_named(const char *uts_machine)
{
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(all[i]->uts_machine, uts_machine))
			return all[i];
	return NULL;
}
