/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The letters of a kernel's or a module's taints. */
#ifndef TRIAGE_TAINT_H
#define TRIAGE_TAINT_H

#include <stdint.h>

#define REPORT_LETTERS 32

/* Linux include/linux/panic.h: some of the bits. */
enum {
	TAINT_PROPRIETARY = 0, TAINT_BAD_PAGE = 5, TAINT_DIE = 7, TAINT_WARN = 9,
	TAINT_OUT_OF_TREE = 12, TAINT_LIVEPATCH = 15,
};

#define TAINT_BIT(nr) (1ULL << (nr))
/* What a module has that the makers of the kernel do not know; one without a signature may
   still be theirs, built by somebody else. */
#define TAINT_FOREIGN (TAINT_BIT(TAINT_PROPRIETARY) | TAINT_BIT(TAINT_OUT_OF_TREE))

/* In the order of their bits; 'G' for what is not proprietary is not among them. */
void taint_letters(uint64_t taint, char letters[REPORT_LETTERS]);

/* "a module of another tree"; NULL: no such bit is known. */
const char *taint_word(unsigned bit);

#endif
