/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boots of this machine, counted by loading: that a boot ended without a crash shows only
 * in the number of the next one.
 */
#ifndef KEXEC_BOOT_COUNT_H
#define KEXEC_BOOT_COUNT_H

#include <stdbool.h>

struct err;

/* Which boot this is, 1 and up; 0: it cannot be told. Writes nothing. */
unsigned boot_count(const char *root);

/* Has the next boot know of this one. */
bool boot_count_remember(const char *root, struct err *e);

#endif
