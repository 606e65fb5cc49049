/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a photo of the console is to show: why the crashed kernel died, in its own words. */
#ifndef CAPTURE_LASTWORDS_H
#define CAPTURE_LASTWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crash;
struct progress;

/*
 * Prints lines of the crashed kernel's log. Returns for how long that kernel had been up, in
 * seconds; 0: there is no such log.
 */
uint64_t lastwords_show(struct crash *crash, struct progress *progress);

/*
 * The last bytes of the log as text, whole lines: by the kernel's own tables, or with
 * by_search set, and where those lead nowhere, by a search of memory. Returns how many.
 */
size_t lastwords_tail(struct crash *crash, struct progress *progress, bool by_search,
		      char *text, size_t size);

#endif
