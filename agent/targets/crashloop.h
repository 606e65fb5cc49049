/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When crashes come so fast that their dumps would only fill the store. */
#ifndef TARGETS_CRASHLOOP_H
#define TARGETS_CRASHLOOP_H

#include <stdbool.h>

#include "base/numbers.h"

struct err;

#define CRASH_LOOP_MAX 100	/* crashes that can be asked for */

/* After n crashes within window_s only the log of the next one is kept. n 0: never. */
struct crash_loop {
	unsigned n, window_s;
};

#define CRASH_LOOP_TEXT (SECONDS_TEXT + 16)

/* "3 in 15m", "3/15m" (without a blank, for a kernel command line) or "off". */
bool crash_loop_parse(struct crash_loop *loop, const char *text, struct err *e);
void crash_loop_format(const struct crash_loop *loop, char text[CRASH_LOOP_TEXT]);

#endif
