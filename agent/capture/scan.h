/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pass 1: each frame of the core gets its verdict, and the bitmaps their bits. */
#ifndef CAPTURE_SCAN_H
#define CAPTURE_SCAN_H

#include <stdbool.h>

struct capture;
struct err;
struct filter;
struct kdump_writer;
struct priority;

/*
 * filter == NULL: nothing is known of struct pages, every frame stays. Vital frames are
 * added to worth.
 */
bool scan(struct capture *c, struct filter *filter, struct priority *worth,
	  struct kdump_writer *writer, struct err *e);

#endif
