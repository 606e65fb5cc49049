/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What earlier crashes of this machine have left on a target means for the next one. */
#ifndef READY_TARGET_PAST_H
#define READY_TARGET_PAST_H

#include <stdbool.h>

struct look;
struct store;

/* May a crash be one of a loop at all? Not when this machine has been up for long enough. */
bool target_past_matters(const struct look *l);

/* A row when its dump would be withheld now; how fast the last one was goes to l->seen. */
void target_past(struct look *l, struct store *store);

#endif
