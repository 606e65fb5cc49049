/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packed pages that were stored last, so that one that comes again is stored once: as
 * machines have them, most copies lie close to one another. Bounded, and it depends on nothing
 * but the pages, their order and the bound, so each run finds the same ones.
 */
#ifndef DUMP_RECENT_H
#define DUMP_RECENT_H

#include "kdumpformat.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

#define RECENT_SLOT_LEN 256u	/* bytes for each slot: pages that pack well are as short */

struct recent_slot {
	struct kdump_desc desc;	/* len 0: empty */
	uint64_t at;		/* where its bytes are: all that were ever put, before them */
};

struct recent {
	uint8_t *bytes;		/* the last len of all that were ever put, in a ring */
	size_t len;
	uint64_t end;		/* how many that were */
	struct recent_slot *slots;	/* len / RECENT_SLOT_LEN */
};

/* A page as it shall be stored. */
struct packed_page {
	const void *data;
	size_t len;
	uint32_t flags;		/* of its descriptor: the codec's, or 0 */
};

/* What remembering so many bytes takes. */
static inline size_t recent_room(size_t len)
{
	return len + len / RECENT_SLOT_LEN * sizeof(struct recent_slot);
}

/* Remembers so many bytes, with recent_room() of the arena. */
bool recent_init(struct recent *r, size_t len, struct arena *arena, struct err *e);

/* A page that is byte for byte this one, or NULL. Two that only look alike never match. */
const struct kdump_desc *recent_find(const struct recent *r, const struct packed_page *page);

/* Remembers what was stored. */
void recent_add(struct recent *r, const void *data, const struct kdump_desc *desc);

#endif
