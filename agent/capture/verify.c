/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The read-back of a dump, of the two kinds that are written. */
#include "verify.h"

#include <errno.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/progress.h"
#include "crash.h"
#include "dump/kdumpfile.h"
#include "dump/readback.h"
#include "job.h"
#include "targets/sink.h"

bool verify_is_complete(const struct capture *c)
{
	return !c->t->n_unreadable && !c->crash->core.missing_len;
}

bool verify_dump(struct capture *c, struct sink_file *f, struct kdump_writer *w,
		 unsigned n_workers, struct err *e)
{
	bool whole = verify_is_complete(c);
	struct readback want = {
		.len = w->data_end,
		.sum = kdump_seal_sum(w, whole),
		.word_off = kdump_seal_off(),
		.word = kdump_seal_word(w, whole),
		.holes = &w->holes,
		.give_up = c->job->give_up,
		.n_threads = n_workers - 1,
		.buf = (uint8_t *)w->buf,
		.buf_len = KDUMP_BUF_LEN,
		.done = &c->progress->done,
	};

	c->t->verified = readback(&f->out, &want, c->t->sha256, e);
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
		if (!f->out.ops->read_at(&f->out, off, w->buf, n, e))
			return within(e, "reading back");
		crc = crc32_z(crc, (const uint8_t *)w->buf, n);
		progress_set(&c->progress->done, off + n);
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
	return c->t->verified;
}
