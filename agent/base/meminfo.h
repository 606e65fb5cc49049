/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of /proc/meminfo. */
#ifndef BASE_MEMINFO_H
#define BASE_MEMINFO_H

#include <stdint.h>

/* "NAME:   1234 kB", in bytes; 0: there is no such line. */
uint64_t meminfo_len(const char *text, const char *name);

#endif
