/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The read-back of a dump, of the two kinds that are written. */
#include "verify.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/progress.h"
#include "crash.h"
#include "dump/behind.h"
#include "dump/kdumpfile.h"
#include "job.h"
#include "manifest.h"
#include "targets/sink.h"

/* To be had before anybody does, so that the copy has what it needs: see worker_room.c. */
#define MEANWHILE_ROOM (4096u << 10)

bool verify_is_complete(const struct capture *c)
{
	return !c->t->n_unreadable && !c->crash->core.missing_len;
}

/* Of w, or by whoever reads meanwhile; with a buffer, and progress, still to come. */
static struct readback reading_of(const struct capture *c, struct sink_file *f,
				  const struct kdump_writer *w)
{
	return (struct readback){
		.out = &f->out,
		.word_off = kdump_seal_off(),
		.word = kdump_seal_word(w, verify_is_complete(c)),
		.holes = &w->holes,
		.give_up = c->job->give_up,
	};
}

void verify_meanwhile(struct capture *c, struct sink_file *f, const struct kdump_writer *w)
{
	struct arena *arena = &c->crash->arena;
	struct readback r = reading_of(c, f, w);
	struct behind *behind;
	struct err ignored;

	if (c->job->read_back == READ_BACK_AFTER || !f->sink->reads_beside ||
	    f->sink->only_grows ||
	    system_memory_available() < MEANWHILE_ROOM)
		return;
	behind = arena_take(arena, 1, sizeof(*behind), "reading back", &ignored);
	r.buf = behind ? arena_take(arena, BEHIND_BUF_LEN, 1, "reading back", &ignored) : NULL;
	if (!r.buf)
		return;
	r.buf_len = BEHIND_BUF_LEN;
	behind_begin(behind, &r, w->data_off);
	c->behind = behind;
}

void verify_stop(struct capture *c)
{
	if (c->behind)
		behind_end(c->behind);
	c->behind = NULL;
}

/* From front to back. */
static bool read_whole(struct capture *c, struct readback *r, uint64_t end, struct err *e)
{
	uint64_t off = 0;

	if (!readback_range(r, &off, end, e))
		return false;
	readback_digest(r, c->t->sha256);
	return true;
}

/*
 * The pages that were not read yet, and then what was written at the same time as they. There
 * are both sums or none, as whoever has one holds the rest of the file against the other.
 */
static bool read_rest(struct capture *c, struct readback *r, uint64_t off,
		      const struct kdump_writer *w, struct err *e)
{
	char pages[SHA256_HEX_LEN];
	uint64_t head = 0;

	if (!readback_range(r, &off, w->data_end, e))
		return false;
	readback_digest(r, pages);
	if (!readback_range(r, &head, w->data_off, e))
		return false;
	readback_digest(r, c->t->sha256_head);
	memcpy(c->t->sha256_pages, pages, sizeof(pages));
	c->t->head_len = w->data_off;
	return true;
}

static bool is_as_written(struct capture *c, const struct readback *r, uint64_t wanted,
			  struct err *e)
{
	if (r->sum == wanted)
		return true;
	c->t->sha256[0] = c->t->sha256_head[0] = c->t->sha256_pages[0] = '\0';
	return fail(e, EIO, "%s: read back, it is not what was written", r->out->name);
}

bool verify_dump(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		 struct err *e)
{
	struct readback r = reading_of(c, f, w);
	/* Before its buffer, in which the last bytes are, becomes the one that is read into. */
	const uint64_t wanted = kdump_seal_sum(w, verify_is_complete(c));
	uint64_t off = 0;
	bool ok;

	readback_begin(&r);
	if (c->behind) {
		behind_end(c->behind);
		off = c->behind->off;
		c->t->reread_early_len = c->behind->r.n_read;
		if (c->t->reread_early_len) {
			r.n_read = c->behind->r.n_read;
			r.sum = c->behind->r.sum;
			r.sha = c->behind->r.sha;
		}
	}
	r.buf = (uint8_t *)w->buf;
	r.buf_len = KDUMP_BUF_LEN;
	r.n_threads = 1;
	r.done = &c->progress->done;
	ok = c->t->reread_early_len ? read_rest(c, &r, off, w, e)
				    : read_whole(c, &r, w->data_end, e);
	c->t->reread_len = r.n_read;
	c->t->reread_past_cache = sink_past_cache(f);
	c->t->verified = ok && is_as_written(c, &r, wanted, e);
	return c->t->verified;
}

static bool reread(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		   struct err *e)
{
	uint32_t crc = 0;
	size_t n;

	for (uint64_t off = 0; off < f->summed; off += n) {
		if (c->job->give_up && monotonic_seconds() >= c->job->give_up)
			return fail(e, ETIMEDOUT, "the deadline came before it was read back");
		n = min_u64(KDUMP_BUF_LEN / 4, f->summed - off);
		if (!f->out.ops->reread(&f->out, off, w->buf, n, e))
			return within(e, "reading back");
		crc = crc32_z(crc, (const uint8_t *)w->buf, n);
		progress_set(&c->progress->done, off + n);
		c->t->reread_len = off + n;
	}
	return (f->summed == f->end && crc == f->crc) ||
	       fail(e, EIO, "%s: read back, it is not what was written", f->name);
}

bool verify_appended(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		     struct err *e)
{
	sink_digest(f, c->t->sha256);
	if (f->sink->is_unread)
		return fail(e, ENOTSUP, "what is written there cannot be read back");
	c->t->verified = reread(c, f, w, e);
	c->t->reread_past_cache = sink_past_cache(f);
	return c->t->verified;
}
