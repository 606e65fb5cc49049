/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages that were stored last. A hash says where to look, the bytes themselves
 * whether it is the same page: they are kept here, because to read them back from the
 * target could take longer than to store them twice. So the hash need not be strong, only
 * quick: it takes the ends of the packed page and its length.
 */
#include "recent.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

#define END_LEN 64u	/* bytes at each end that the hash is of */

bool recent_init(struct recent *r, size_t len, struct arena *arena, struct err *e)
{
	*r = (struct recent){ .bytes = arena_take(arena, len, 1, "recent pages", e),
			      .len = len };
	r->slots = r->bytes ? arena_take(arena, len / RECENT_SLOT_LEN, sizeof(r->slots[0]),
					 "recent pages", e) : NULL;
	return r->slots;
}

static uint64_t hash_end(uint64_t hash, const uint8_t *at, size_t len)
{
	for (; len >= 8; at += 8, len -= 8) {
		hash = (hash ^ get_u64(at)) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
	}
	for (; len; at++, len--)
		hash = (hash ^ *at) * 0x100000001b3ULL;
	return hash;
}

static struct recent_slot *slot_of(const struct recent *r, const uint8_t *data, size_t len)
{
	size_t n = min_u64(len, END_LEN);
	uint64_t hash = hash_end(hash_end(len, data, n), data + len - n, n);

	return &r->slots[(hash ^ hash >> 32) % (r->len / RECENT_SLOT_LEN)];
}

/* The ring's bytes at a place; a page never goes round the end of it. */
static uint8_t *bytes_at(const struct recent *r, uint64_t at)
{
	return r->bytes + at % r->len;
}

const struct kdump_desc *recent_find(const struct recent *r, const struct packed_page *page)
{
	const struct recent_slot *s;

	if (!page->len)
		return NULL;
	s = slot_of(r, page->data, page->len);
	if (s->desc.len != page->len || s->desc.flags != page->flags ||
	    r->end - s->at > r->len || memcmp(bytes_at(r, s->at), page->data, page->len))
		return NULL;
	return &s->desc;
}

void recent_add(struct recent *r, const void *data, const struct kdump_desc *desc)
{
	uint64_t left = r->len - r->end % r->len;
	struct recent_slot *s;

	if (!desc->len || desc->len > r->len)
		return;
	if (desc->len > left)
		r->end += left;
	s = slot_of(r, data, desc->len);
	s->desc = *desc;
	s->at = r->end;
	memcpy(bytes_at(r, s->at), data, desc->len);
	r->end += desc->len;
}
