/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One slot for each page, by the low bits of its number; the page that comes last stays. */
#include "pagecache.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define NOTHING UINT64_MAX	/* is the start of no page */

/* The bytes of the page at `page`, NULL if the source does not have all of it. */
static const uint8_t *page_at(struct pagecache *c, paddr_t page, struct err *e)
{
	size_t slot = page / c->page_len % c->n_slots;
	uint8_t *bytes = c->bytes + slot * c->page_len;

	if (c->held[slot] == page) {
		c->n_hits++;
		return bytes;
	}
	c->n_misses++;
	/* Half a page may be in there if it fails. */
	c->held[slot] = NOTHING;
	if (!physmem_pick(c->source, page, bytes, c->page_len, e))
		return NULL;
	c->held[slot] = page;
	return bytes;
}

static bool cache_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		       struct err *e)
{
	struct pagecache *c = (struct pagecache *)pm;
	uint8_t *to = buf;

	while (len) {
		size_t in = paddr % c->page_len, n = min_u64(len, c->page_len - in);
		const uint8_t *bytes = page_at(c, paddr - in, e);

		/*
		 * Memory may end within a page. Of an unreadable page nothing is tried again:
		 * to touch poison twice is not harmless.
		 */
		if (bytes)
			memcpy(to, bytes + in, n);
		else if (e->code != EFAULT || !physmem_pick(c->source, paddr, to, n, e))
			return false;
		paddr += n;
		to += n;
		len -= n;
	}
	return true;
}

void pagecache_forget(struct pagecache *c)
{
	for (size_t i = 0; i < c->n_slots; i++)
		c->held[i] = NOTHING;
}

bool pagecache_init(struct pagecache *c, struct physmem *source, size_t page_len,
		    struct arena *arena, struct err *e)
{
	*c = (struct pagecache){ .pm.read = cache_read, .source = source,
				 .page_len = page_len,
				 .n_slots = PAGECACHE_LEN / page_len };
	c->held = arena_take(arena, c->n_slots, sizeof(c->held[0]), "pages remembered", e);
	c->bytes = arena_take(arena, c->n_slots, page_len, "pages remembered", e);
	if (!c->held || !c->bytes)
		return false;
	pagecache_forget(c);
	return true;
}
