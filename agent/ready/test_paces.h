/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast the last `crashbox test` went to each target: a file that outlives a boot. */
#ifndef READY_TEST_PACES_H
#define READY_TEST_PACES_H

#include <stdbool.h>

struct err;
struct pace;

/* To those words of a target, as the configuration has them; false: it was not tested. */
bool test_pace_read(struct pace *p, const char *root, const char *target);

/* One target and its pace. */
struct test_pace {
	const char *target;
	const struct pace *pace;
};

/* Puts those of n targets in place of what there was of any. */
bool test_paces_write(const char *root, const struct test_pace *paces, unsigned n,
		      struct err *e);

#endif
