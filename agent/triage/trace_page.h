/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events on one page of the kernel's trace ring, one after the other, with their times. */
#ifndef TRIAGE_TRACE_PAGE_H
#define TRIAGE_TRACE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_cursor {
	const uint8_t *data;
	size_t len;		/* that were committed */
	size_t at;		/* behind the event that came last */
	uint64_t begun;		/* of the page, in the ring's clock */
	uint64_t time;		/* of the event that came last */
};

struct trace_raw {
	uint64_t time;		/* in the ring's clock */
	const uint8_t *data;	/* its struct trace_entry */
	size_t len;
};

/* time: that the page began with. */
void trace_page_init(struct trace_cursor *c, const uint8_t *data, size_t len, uint64_t time);

/*
 * The next event that was not thrown away again. False at the end, which is also where a
 * length leads out of the page.
 */
bool trace_page_next(struct trace_cursor *c, struct trace_raw *ret);

#endif
