/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The letters of a kernel's or a module's taints. */
#ifndef TRIAGE_TAINT_H
#define TRIAGE_TAINT_H

#include <stdint.h>

#define REPORT_LETTERS 32

/* In the order of their bits; 'G' for what is not proprietary is not among them. */
void taint_letters(uint64_t taint, char letters[REPORT_LETTERS]);

/* "a module of another tree"; NULL: no such bit is known. */
const char *taint_word(unsigned bit);

#endif
