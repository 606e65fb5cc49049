/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The read-back of a dump, of the two kinds that are written. */
#include "verify.h"

#include <errno.h>
#include <string.h>

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

	if (c->job->read_back == READ_BACK_AFTER || c->job->read_back == READ_BACK_SAMPLE ||
	    !f->sink->reads_beside ||
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

/* What is not more than a sample is read as a whole. */
static bool samples(const struct capture *c, const struct kdump_writer *w)
{
	return c->job->read_back == READ_BACK_SAMPLE &&
	       w->data_end - w->data_off > (uint64_t)SPREAD_MAX * SPREAD_PIECE;
}

/* What can be told of a sample is that it is one: a reason why the dump is not valid. */
static void read_sample(struct capture *c, struct readback *r, const struct kdump_writer *w,
			struct err *e)
{
	const bool whole = verify_is_complete(c);
	struct spread_part part;
	char n[32], of[32];

	for (unsigned i = 0; kdump_sample(w, whole, i, &part); i++) {
		uint64_t off = part.off;

		r->sum = 0;
		if (!readback_range(r, &off, part.end, e) || !is_as_written(c, r, part.sum, e))
			return;
	}
	c->t->sampled = true;
	format_bytes(r->n_read, n, sizeof(n));
	format_bytes(w->data_end, of, sizeof(of));
	fail(e, ENOTSUP, "only a sample was read back, %s of %s", n, of);
}

bool verify_dump(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		 struct err *e)
{
	struct readback r = reading_of(c, f, w);
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
	/* The file's last word, where it is not whole, stays in front of what is read. */
	r.buf = (uint8_t *)w->buf + sizeof(uint64_t);
	r.buf_len = w->buf_room - sizeof(uint64_t);
	r.done = &c->progress->done;
	if (samples(c, w)) {
		ok = false;
		read_sample(c, &r, w, e);
	} else {
		r.n_threads = 1;
		ok = c->t->reread_early_len ? read_rest(c, &r, off, w, e)
					    : read_whole(c, &r, w->data_end, e);
	}
	c->t->reread_len = r.n_read;
	c->t->reread_past_cache = sink_past_cache(f);
	c->t->verified = ok && is_as_written(c, &r, kdump_seal_sum(w, verify_is_complete(c)),
					     e);
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
		n = min_u64(KDUMP_BUF_LEAST, f->summed - off);
		if (!sink_reread_part(f, off, w->buf, n, &crc, e))
			return false;
		progress_set(&c->progress->done, off + n);
		c->t->reread_len = off + n;
	}
	return sink_is_as_written(f, crc, e);
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
