/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a photo of the console is to show: why the crashed kernel died, in its own words. */
#ifndef CAPTURE_LASTWORDS_H
#define CAPTURE_LASTWORDS_H

#include <stdint.h>

struct crash;
struct progress;

/*
 * Prints lines of the crashed kernel's log. Returns for how long that kernel had been up, in
 * seconds; 0: there is no such log.
 */
uint64_t lastwords_show(struct crash *crash, struct progress *progress);

#endif
