/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much memory a capture on this machine takes, by what was measured. */
#ifndef READY_ADVICE_H
#define READY_ADVICE_H

#include <stdbool.h>
#include <stdint.h>

struct config;
struct memory_row;

/*
 * The measured kernel that speaks for the one in a file: a distribution's, or of ours the
 * smallest that takes no less memory to start, else the largest.
 */
const char *advice_kernel(bool is_own, const char *file);

/*
 * The row for a kernel and a kind of target that was measured with the least memory that is
 * not less than this machine's, or else with the most. NULL: never measured.
 */
const struct memory_row *advice_row(const char *kernel, const char *kind, unsigned ram_gib);

/* The row of the hungriest of the targets, NULL when none of them was measured. */
const struct memory_row *advice_most(const char *kernel, const struct config *config,
				     unsigned ram_gib);

/* Does the kernel in this file take no less memory to start than the one of that row? */
bool advice_is_certain(const struct memory_row *m, const char *file);

/*
 * The crashkernel= in MiB to advise where so many bytes are needed: a quarter on top, as the
 * next kernel is larger, and a crash is no laboratory.
 */
unsigned advice_with_margin(uint64_t needed_len);

/* Memory of this machine in GiB, rounded to the nearest as firmware keeps some; 0: unknown. */
unsigned advice_ram_gib(const char *root);

#endif
