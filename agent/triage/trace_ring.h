/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's trace rings, all instances of them, page by page. */
#ifndef TRIAGE_TRACE_RING_H
#define TRIAGE_TRACE_RING_H

#include "field.h"
#include "vmcore/bounds.h"

struct arena;

#define TRACE_PAGES_MAX 20000u		/* looked at in all */
#define TRACE_BYTES_MAX (128u << 20)	/* read of them */
#define TRACE_PAGE_LEN 65536u		/* longest that is read */

struct trace_facts {
	int64_t arrays;			/* address of a list_head */
	int64_t clock_offset;		/* address of a u64: the log's clock less the ring's */
	int64_t last_boot;		/* the bit of flags: what is in it is the last boot's */
	struct field list, clock, buffer, flags, kept;	/* trace_array */
	struct field buffers, cpus, subbuf_order;	/* trace_buffer */
	struct field reader_page, commit_page, n_pages, overrun; /* ring_buffer_per_cpu */
	struct field page_list, page;			/* buffer_page */
	struct field begun, commit, data;		/* buffer_data_page */
};

extern const struct wish_set trace_wishes;

/* What was committed to a page. */
struct trace_ring_page {
	const uint8_t *data;
	size_t len;
	uint64_t begun;		/* in the ring's clock, as its events are */
	bool is_log_clock;	/* to_log makes it the log's time */
	uint64_t to_log;	/* to be added, in nanoseconds, modulo 2^64 */
	unsigned cpu;
	unsigned ring;		/* which of them */
};

struct trace_rings {
	struct space *space;
	const struct trace_facts *facts;
	const struct bounds *bounds;
	unsigned page_len;		/* of the kernel */
	unsigned n_cpus;		/* that there can be */
	void (*take)(void *ctx, const struct trace_ring_page *page);
	void *ctx;

	/* what was found */
	unsigned n_pages, n_rings;	/* that had something in them */
	uint64_t n_bytes;		/* of events */
	uint64_t n_lost;		/* events that newer ones took the place of */
	bool cut;			/* a list that does not hold, or too many pages */
	uint8_t *room;
};

/* Hands every page to take(), each CPU's newest first. Never fails: rings->cut. */
void trace_rings_read(struct trace_rings *rings, struct arena *arena);

#endif
