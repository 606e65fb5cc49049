/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker does with a batch. A frame that cannot be read gets no data, and costs
 * nothing else.
 */
#include "packer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "dump/codec.h"
#include "dump/effort.h"

#define TIMED_EVERY 8	/* pages */

static bool is_zero(const uint8_t *page, size_t len)
{
	const uint64_t *words = (const uint64_t *)page;

	/* Eight words at a time, so that the compiler can use wide registers. */
	for (size_t i = 0; i < len / 8; i += 8) {
		uint64_t any = 0;

		for (int j = 0; j < 8; j++)
			any |= words[i + j];
		if (any)
			return false;
	}
	return true;
}

unsigned worker_usual_effort(const struct codec *codec)
{
	return codec->flag ? EFFORT_USUAL : EFFORT_NONE;
}

void worker_set_effort(struct worker *w, unsigned effort)
{
	if (w->codec->set_effort && effort != w->effort)
		w->codec->set_effort(w->packer, effort);
	w->effort = effort;
}

struct packed_page worker_pack(struct worker *w, const uint8_t *page, uint8_t *to)
{
	const struct packing p = { page, w->page_size, to, w->page_size - 1 };
	size_t len = w->effort == EFFORT_NONE ? 0 : w->codec->pack(w->packer, &p);

	if (len)
		return (struct packed_page){ to, len, w->codec->flag };
	if (to != page)
		memcpy(to, page, w->page_size);
	return (struct packed_page){ to, w->page_size, 0 };
}

static bool read_frame(struct worker *w, pfn_t pfn, uint8_t *to, struct err *e)
{
	return physmem_read(w->view.pm, pfn << w->page_shift, to, w->page_size, e);
}

/* What packing takes is measured by some pages: not every clock is read in no time. */
static struct packed_page pack_timed(struct worker *w, struct batch *b, unsigned i,
				     const uint8_t *page)
{
	unsigned every = b->n >= 2 * TIMED_EVERY ? TIMED_EVERY : 1;
	bool is_timed = w->codec->set_effort && i % every == every / 2;
	double began = is_timed ? monotonic_seconds() : 0;
	struct packed_page packed = worker_pack(w, page, b->out + b->len_out);

	if (is_timed)
		b->pack_s += every * (monotonic_seconds() - began);
	return packed;
}

void worker_do(void *worker, void *batch)
{
	struct worker *w = worker;
	struct batch *b = batch;
	double began = monotonic_seconds();

	worker_set_effort(w, b->effort);
	b->len_in = b->len_out = 0;
	b->pack_s = 0;
	for (unsigned i = 0; i < b->n; i++) {
		struct item *item = &b->items[i];
		uint8_t *page = w->effort == EFFORT_NONE ? b->out + b->len_out : w->page;
		struct err e;

		item->page.len = 0;
		if (!read_frame(w, item->pfn, page, &e)) {
			item->outcome = UNREADABLE;
			snprintf(item->why, sizeof(item->why), "%s", e.text);
		} else if (is_zero(page, w->page_size)) {
			item->outcome = ZERO;
		} else {
			item->outcome = STORED;
			item->page = pack_timed(w, b, i, page);
			b->len_in += w->page_size;
			b->len_out += item->page.len;
		}
	}
	b->work_s = monotonic_seconds() - began;
	if (b->pack_s > b->work_s)
		b->pack_s = b->work_s;
}

struct worker *worker_new(struct crash *crash, const struct codec *codec, size_t page_size,
			  struct err *e)
{
	struct arena *arena = &crash->arena;
	struct worker *w = arena_take(arena, 1, sizeof(*w), "worker", e);
	size_t len = codec->pack_size(page_size);
	void *mem = w ? arena_take(arena, len, 1, codec->name, e) : NULL;

	if (!mem || !(w->page = arena_take(arena, page_size, 1, "page", e)))
		return NULL;
	w->codec = codec;
	w->effort = worker_usual_effort(codec);
	w->packer = codec->packer(mem, len);
	if (!w->packer) {
		fail(e, ENOMEM, "%s cannot be set up in %zu bytes", codec->name, len);
		return NULL;
	}
	w->page_size = page_size;
	w->page_shift = __builtin_ctzll(page_size);
	return crash_view_open(&w->view, crash, e) ? w : NULL;
}
