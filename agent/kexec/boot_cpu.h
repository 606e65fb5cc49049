/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CPU that the firmware has started, which a capture kernel must never start. */
#ifndef KEXEC_BOOT_CPU_H
#define KEXEC_BOOT_CPU_H

#include <stdbool.h>

#define BOOT_CPU_WORD 32

/*
 * The word of a command line that has a capture kernel with several CPUs leave that one out;
 * "" where none is needed. False: it is needed and cannot be told, so that only one is safe.
 */
bool boot_cpu_word(char word[BOOT_CPU_WORD], const char *root);

/* How many CPUs this machine has; 1 where that cannot be told. */
unsigned boot_cpu_count(const char *root);

#endif
