/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux kernel/panic.c, taint_flags[]: a letter a bit, from bit 0 on. */
#include "taint.h"

#include <stddef.h>

void taint_letters(uint64_t taint, char letters[REPORT_LETTERS])
{
	static const char of_bit[] = "PFSRMBUDAWCIOELKXTNJ";
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(of_bit) - 1; i++)
		if (taint >> i & 1)
			letters[n++] = of_bit[i];
	letters[n] = '\0';
}

const char *taint_word(unsigned bit)
{
	static const char *const words[] = {
		"proprietary module", "module loaded by force", "CPU out of specification",
		"module unloaded by force", "machine check", "bad page", "asked for by a user",
		"died before", "ACPI table overridden", "warning", "staging driver",
		"firmware bug worked around", "module from outside the tree", "unsigned module",
		"soft lockup", "live patch", "auxiliary, by the distributor",
		"structure layout randomised", "test", "fwctl used",
	};

	return bit < sizeof(words) / sizeof(words[0]) ? words[bit] : NULL;
}
