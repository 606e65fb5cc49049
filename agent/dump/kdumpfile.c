/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The writer of kdump-compressed files. Each line of begin() is a field of kdumpformat.h.
 * Data leave through one buffer, descriptors through runs of neighbours; data always
 * leave first, so that a descriptor in the file never points past what is there.
 */
#include "kdumpfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/out.h"
#include "readback.h"

#define STATUS_OFF offsetof(struct kdump_header, status)

/* Each byte of the file in front of the data goes through here once. */
static bool put(struct kdump_writer *w, uint64_t off, const void *buf, size_t len,
		struct err *e)
{
	w->head_sum += word_sum(off, buf, len);
	return w->out->ops->write_at(w->out, off, buf, len, e);
}

static bool load_bitmap2(void *ctx, uint64_t piece, uint64_t *bits, struct err *e)
{
	struct kdump_writer *w = ctx;

	return w->out->ops->read_at(w->out, w->bitmap2_off + piece * PIECE_LEN, bits,
				    PIECE_LEN, e);
}

static void fill_header(const struct kdump_writer *w, const struct kdump_info *info,
			uint32_t sub_blocks, uint32_t bitmap_blocks, struct kdump_header *h)
{
	memcpy(h->signature, KDUMP_SIGNATURE, sizeof(h->signature));
	h->version = KDUMP_VERSION;
	for (int i = 0; i < 6; i++)
		snprintf(h->uts[i], KDUMP_UTS_LEN, "%s", info->uts[i]);
	h->time_sec = info->time_sec;
	h->status = w->status;
	h->block_size = info->block_size;
	h->sub_header_blocks = sub_blocks;
	h->bitmap_blocks = bitmap_blocks;
	h->max_mapnr = min_u64(info->max_pfn, UINT32_MAX);
	h->n_cpus = info->n_cpus ? info->n_cpus : 1;
}

static void fill_subheader(const struct kdump_info *info, struct kdump_subheader *s)
{
	s->phys_base = info->phys_base;
	s->dump_level = info->level;
	s->max_mapnr = info->max_pfn;
	s->notes_off = info->block_size + sizeof(*s);
	s->notes_len = info->notes_len;
	if (info->vmcoreinfo) {
		s->vmcoreinfo_off = s->notes_off +
				    ((const uint8_t *)info->vmcoreinfo - info->notes);
		s->vmcoreinfo_len = info->vmcoreinfo_len;
	}
}

bool kdump_begin(struct kdump_writer *w, struct out *out, const struct kdump_info *info,
		 struct arena *arena, struct err *e)
{
	uint64_t block = info->block_size;
	uint64_t bitmap_len = round_up(round_up(info->max_pfn, 8) / 8, block);
	uint64_t sub_blocks = round_up(sizeof(struct kdump_subheader) + info->notes_len,
				       block) / block;
	struct kdump_header h = { .version = 0 };
	struct kdump_subheader s = { .phys_base = 0 };

	if (2 * bitmap_len / block > UINT32_MAX)
		return fail(e, EFBIG, "physical memory up to frame %#llx is more than the "
			    "dump format can describe", (unsigned long long)info->max_pfn);
	*w = (struct kdump_writer){
		.out = out,
		.block_size = block,
		.status = info->codec_flag | KDUMP_INCOMPLETE,
		.bitmap1_off = block * (1 + sub_blocks),
		.bitmap2_off = block * (1 + sub_blocks) + bitmap_len,
		.descs_off = block * (1 + sub_blocks) + 2 * bitmap_len,
	};
	w->index = (struct page_index){ .max_pfn = info->max_pfn, .load = load_bitmap2,
					.ctx = w };
	if (info->bitmaps.load) {
		w->is_appended = true;
		w->index.load = info->bitmaps.load;
		w->index.ctx = info->bitmaps.ctx;
	}
	if (!index_init(&w->index, arena, e))
		return false;
	w->buf_room = max_u64(info->buf_len, KDUMP_BUF_LEAST);
	w->buf = arena_take(arena, w->buf_room, 1, "output buffer", e);
	w->run = w->buf ? arena_take(arena, KDUMP_RUN, sizeof(w->run[0]),
				     "descriptor buffer", e) : NULL;
	if (!w->run || !recent_init(&w->recent, w->buf_room, arena, e))
		return false;
	fill_header(w, info, sub_blocks, 2 * bitmap_len / block, &h);
	fill_subheader(info, &s);
	return out->ops->lengthen(out, w->descs_off, e) && put(w, 0, &h, sizeof(h), e) &&
	       put(w, block, &s, sizeof(s), e) &&
	       put(w, s.notes_off, info->notes, info->notes_len, e);
}

/* Pieces up to this one do not come any more. */
static void pass_over(struct kdump_writer *w, uint64_t piece)
{
	uint64_t at = w->next_piece * PIECE_LEN, len = (piece - w->next_piece) * PIECE_LEN;

	holes_add(&w->holes, w->bitmap1_off + at, len);
	holes_add(&w->holes, w->bitmap2_off + at, len);
}

bool kdump_put_bitmaps(struct kdump_writer *w, uint64_t piece, const uint64_t *bitmap1,
		       const uint64_t *bitmap2, struct err *e)
{
	uint64_t at = piece * PIECE_LEN;

	pass_over(w, piece);
	w->next_piece = piece + 1;
	index_add(&w->index, piece, bitmap2);
	return put(w, w->bitmap1_off + at, bitmap1, PIECE_LEN, e) &&
	       put(w, w->bitmap2_off + at, bitmap2, PIECE_LEN, e);
}

uint64_t kdump_fixed_len(const struct kdump_writer *w)
{
	return w->descs_off + w->index.n_pages * sizeof(struct kdump_desc);
}

uint64_t kdump_written_len(const struct kdump_writer *w)
{
	return w->written_end - w->data_off;
}

/* ---- pages ------------------------------------------------------------------ */

/*
 * The bytes of a last word that is not whole stay, to be summed with what follows; they are
 * written, and go out once.
 */
static bool flush_data(struct kdump_writer *w, struct err *e)
{
	size_t whole = w->buf_len / 8 * 8, was = w->written_end - w->buf_off;

	if (was == w->buf_len)
		return true;
	if (!w->out->ops->write_at(w->out, w->written_end, w->buf + was, w->buf_len - was, e))
		return false;
	w->written_end = w->buf_off + w->buf_len;
	if (!w->is_appended)
		spread_add(&w->spread, w->buf, whole);
	memmove(w->buf, w->buf + whole, w->buf_len - whole);
	w->buf_off += whole;
	w->buf_len -= whole;
	return true;
}

static bool flush_run(struct kdump_writer *w, struct err *e)
{
	uint64_t off = w->descs_off + w->run_first * sizeof(w->run[0]);

	if (!w->run_len)
		return true;
	if (!flush_data(w, e) || !put(w, off, w->run, w->run_len * sizeof(w->run[0]), e))
		return false;
	w->run_len = 0;
	return true;
}

static bool put_desc(struct kdump_writer *w, uint64_t idx, const struct kdump_desc *desc,
		     struct err *e)
{
	if (idx >= w->index.n_pages)
		return fail(e, ERANGE, "page %llu of %llu", (unsigned long long)idx,
			    (unsigned long long)w->index.n_pages);
	if (w->run_len && (idx != w->run_first + w->run_len || w->run_len == KDUMP_RUN) &&
	    !flush_run(w, e))
		return false;
	if (!w->run_len)
		w->run_first = idx;
	w->run[w->run_len++] = *desc;
	return true;
}

static bool put_data(struct kdump_writer *w, const struct packed_page *page,
		     struct kdump_desc *desc, struct err *e)
{
	if (w->buf_len + page->len > w->buf_room && !flush_data(w, e))
		return false;
	*desc = (struct kdump_desc){ .off = w->buf_off + w->buf_len, .len = page->len,
				     .flags = page->flags };
	memcpy(w->buf + w->buf_len, page->data, page->len);
	w->buf_len += page->len;
	w->data_end = desc->off + page->len;
	return true;
}

bool kdump_begin_pages(struct kdump_writer *w, struct err *e)
{
	pass_over(w, index_n_pieces(&w->index));
	index_finish(&w->index);
	w->data_off = w->data_end = w->buf_off = w->written_end = kdump_fixed_len(w);
	spread_begin(&w->spread, w->data_off);
	return w->out->ops->reserve(w->out, w->descs_off, w->data_off - w->descs_off, e);
}

bool kdump_set_zero_page(struct kdump_writer *w, const struct packed_page *page, struct err *e)
{
	return put_data(w, page, &w->zero, e);
}

bool kdump_put_page(struct kdump_writer *w, uint64_t idx, const struct packed_page *page,
		    struct err *e)
{
	const struct kdump_desc *same = recent_find(&w->recent, page);
	struct kdump_desc desc;

	if (same) {
		w->n_shared++;
		return put_desc(w, idx, same, e);
	}
	if (!put_data(w, page, &desc, e))
		return false;
	recent_add(&w->recent, page->data, &desc);
	return put_desc(w, idx, &desc, e);
}

bool kdump_put_zero_page(struct kdump_writer *w, uint64_t idx, struct err *e)
{
	return put_desc(w, idx, &w->zero, e);
}

/* Descriptors of data that never got out become those of pages that are not there. */
static void forget_unwritten(struct kdump_writer *w)
{
	for (size_t i = 0; i < w->run_len; i++)
		if (w->run[i].off + w->run[i].len > w->written_end)
			w->run[i] = (struct kdump_desc){ 0 };
	w->buf_len = w->written_end - w->buf_off;
	w->data_end = w->written_end;
}

bool kdump_settle(struct kdump_writer *w, struct err *e)
{
	return flush_data(w, e) && flush_run(w, e) && w->out->ops->sync(w->out, e);
}

bool kdump_end(struct kdump_writer *w, struct err *e)
{
	struct err first;

	if (flush_data(w, e))
		return flush_run(w, e) && w->out->ops->sync(w->out, e);
	first = *e;
	forget_unwritten(w);
	if (flush_run(w, e))
		w->out->ops->sync(w->out, e);
	*e = first;
	return false;
}

static uint32_t sealed_status(const struct kdump_writer *w, bool whole)
{
	return whole ? w->status & ~KDUMP_INCOMPLETE : w->status;
}

uint64_t kdump_seal_off(void)
{
	_Static_assert(STATUS_OFF % 8 == 0, "status starts a word, block_size ends it");
	return STATUS_OFF;
}

uint64_t kdump_seal_word(const struct kdump_writer *w, bool whole)
{
	return sealed_status(w, whole) | (uint64_t)w->block_size << 32;
}

/* Of what is in front of the data, with that word. */
static uint64_t head_sum(const struct kdump_writer *w, bool whole)
{
	uint64_t was = kdump_seal_word(w, false), is = kdump_seal_word(w, whole);

	return w->head_sum - word_sum(STATUS_OFF, &was, sizeof(was)) +
	       word_sum(STATUS_OFF, &is, sizeof(is));
}

uint64_t kdump_seal_sum(const struct kdump_writer *w, bool whole)
{
	return head_sum(w, whole) + w->spread.sum + word_sum(w->buf_off, w->buf, w->buf_len);
}

bool kdump_sample(const struct kdump_writer *w, bool whole, unsigned i,
		  struct spread_part *part)
{
	if (!i) {
		*part = (struct spread_part){ 0, w->data_off, head_sum(w, whole) };
		return true;
	}
	if (!spread_part(&w->spread, i - 1, part))
		return false;
	/* The word that is not whole is behind all that the sums know. */
	if (part->end == w->buf_off) {
		part->end += w->buf_len;
		part->sum += word_sum(w->buf_off, w->buf, w->buf_len);
	}
	return true;
}

bool kdump_seal(struct kdump_writer *w, bool whole, struct err *e)
{
	uint64_t word = kdump_seal_word(w, whole), found = ~word;

	if (!w->out->ops->write_at(w->out, STATUS_OFF, &word, sizeof(word), e) ||
	    !w->out->ops->sync(w->out, e) ||
	    !w->out->ops->reread(w->out, STATUS_OFF, &found, sizeof(found), e))
		return false;
	return found == word ||
	       fail(e, EIO, "%s: its last write did not reach the storage", w->out->name);
}
