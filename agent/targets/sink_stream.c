/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sink that is a pipe, for a dump that somebody else stores. */
#include "sink_stream.h"

#include <errno.h>
#include <stdio.h>

#include "base/io.h"
#include "sink.h"

struct stream_sink {
	int fd;
	bool is_taken;
};

_Static_assert(sizeof(struct stream_sink) <= SINK_OWN, "there is room for it");

static struct stream_sink *of(struct sink *s)
{
	return (struct stream_sink *)s->own;
}

static bool stream_write_at(struct out *o, uint64_t off, const void *buf, size_t len,
			    struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (!sink_goes_on(f, off, e))
		return false;
	if (!write_all(of(f->sink)->fd, buf, len, f->name, e))
		return sink_latch(f, e);
	sink_wrote(f, off, buf, len);
	return true;
}

static bool stream_read_at(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	(void)off;
	(void)buf;
	(void)len;
	return fail(e, ENOTSUP, "%s: a pipe is not read back", o->name);
}

static bool stream_sync(struct out *o, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	return !f->failed || sink_latch(f, e);
}

static const struct out_ops file_ops = {
	.write_at = stream_write_at,
	.read_at = stream_read_at,
	.reread = stream_read_at,
	.lengthen = sink_no_lengthen,
	.reserve = sink_no_reserve,
	.sync = stream_sync,
};

static bool stream_has(struct sink *s, const char *name)
{
	(void)s;
	(void)name;
	return false;
}

static bool stream_move(struct sink *s, const char *from, const char *to, struct err *e)
{
	(void)to;
	return fail(e, ENOTSUP, "%s: %s has gone into a pipe", s->where, from);
}

static bool stream_remove(struct sink *s, const char *name, struct err *e)
{
	return stream_move(s, name, name, e);
}

static bool stream_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	(void)s;
	(void)e;
	*free_ret = UINT64_MAX;
	return true;
}

static bool stream_create(struct sink *s, const char *name, struct sink_file *f, struct err *e)
{
	if (of(s)->is_taken)
		return fail(e, EBUSY, "%s: takes one file, and %s is another", s->where, name);
	of(s)->is_taken = true;
	sink_file_begin(f, s, name, &file_ops);
	return true;
}

static bool stream_commit(struct sink_file *f, struct err *e)
{
	return stream_sync(&f->out, e);
}

static void stream_abandon(struct sink_file *f, bool keep)
{
	(void)f;
	(void)keep;
}

static void stream_close(struct sink *s)
{
	(void)s;
}

static const struct sink_ops stream_ops = {
	.scheme = "stream",
	.has = stream_has,
	.move = stream_move,
	.remove = stream_remove,
	.space = stream_space,
	.create = stream_create,
	.commit = stream_commit,
	.abandon = stream_abandon,
	.close = stream_close,
};

void sink_stream_open(struct sink *s, int fd, const char *name)
{
	*s = (struct sink){ .ops = &stream_ops, .only_grows = true, .is_unread = true };
	of(s)->fd = fd;
	snprintf(s->where, sizeof(s->where), "%s", name);
}
