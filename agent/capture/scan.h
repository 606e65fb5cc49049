/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pass 1: each frame of the core gets its verdict, and the bitmaps their bits. */
#ifndef CAPTURE_SCAN_H
#define CAPTURE_SCAN_H

#include <stdbool.h>

struct capture;
struct err;
struct filter;
struct judged;
struct kdump_writer;
struct priority;

/* What it works with, besides the core. */
struct scan_use {
	struct filter *filter;	/* NULL: nothing is known of struct pages, every frame stays */
	struct priority *worth;	/* vital frames are added to it */
	struct kdump_writer *writer;
	/* NULL, or who must be able to give a piece once more: all of these stay until then. */
	struct judged *judged;
};

bool scan(struct capture *c, const struct scan_use *use, struct err *e);

#endif
