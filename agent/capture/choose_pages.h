/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages a dump gets: what is known of the crashed kernel's own, the filter that it
 * allows, and the pass over all struct pages.
 */
#ifndef CAPTURE_CHOOSE_PAGES_H
#define CAPTURE_CHOOSE_PAGES_H

#include <stdbool.h>

#include "pages/filter.h"
#include "pages/filter_inputs.h"
#include "pages/priority.h"

struct capture;
struct err;
struct judged;
struct kdump_writer;

struct choice {
	struct capture *capture;	/* the caller's to set */
	struct priority worth;	/* in which order they are written */
	struct filter_inputs known;
	struct filter filter;
	struct judged *judged;	/* the caller's: see scan.h */
	bool is_filtered;	/* false: all but zero pages are kept */
};

/* Before the dump is begun; sets the level that is used. */
bool choose_begin(struct choice *c, struct err *e);

/* Judges all pages into the dump's bitmaps, and says what is remarkable about it. */
bool choose_pages(struct choice *c, struct kdump_writer *w, struct err *e);

#endif
