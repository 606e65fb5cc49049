/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linux kernel/panic.c, taint_flags[]: a letter a bit, from bit 0 on. */
#include "taint.h"

void taint_letters(uint64_t taint, char letters[REPORT_LETTERS])
{
	static const char of_bit[] = "PFSRMBUDAWCIOELKXTNJ";
	unsigned n = 0;

	for (unsigned i = 0; i < sizeof(of_bit) - 1; i++)
		if (taint >> i & 1)
			letters[n++] = of_bit[i];
	letters[n] = '\0';
}
