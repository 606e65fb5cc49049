/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink on a server. Syncs are asked for as we go, every STEP bytes, and not waited for:
 * a server with much memory and a slow disk would else keep us waiting for minutes at the
 * end, and what it has confirmed so far would be worth nothing. A server that lacks
 * fsync@openssh.com is used all the same, and s->lacks says what that means.
 *
 * Such a one may be a gateway, with a bucket behind it that takes files from front to back
 * (rclone serve sftp without a cache). It is asked by what it does, as none says what it is:
 * a few bytes are written and read back by the same handle. If they do not come, a file only
 * grows; it is read when all of it is there and closed, and not before: a second handle while
 * it is written was seen to cost its beginning, without an error.
 */
#include "sink_sftp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "sftp_ask.h"
#include "sftp_folder.h"
#include "sink.h"

#define STEP (16u << 20)
#define HOLD_LEN (64u << 10)
#define FULL_LEN (1u << 20)	/* free space that counts as none */

_Static_assert(SFTP_PATH_MAX > sizeof(((struct sink *)0)->where) + SINK_NAME_MAX, "a path");

/* What a sink and a file are beside that, in their `own`. */
struct sftp_sink {
	struct sftp *sftp;
	struct sftp_ahead *ahead;
};

struct sftp_sink_file {
	struct sftp_file *file;
	uint64_t fresh;		/* bytes since a sync was last asked for */
	bool is_over;		/* of one that only grows: it is closed, and open to be read */
};

_Static_assert(sizeof(struct sftp_sink) <= SINK_OWN &&
	       sizeof(struct sftp_sink_file) <= SINK_FILE_OWN, "there is room for it");

static struct sftp_sink *of(struct sink *s)
{
	return (struct sftp_sink *)s->own;
}

static struct sftp *server(const struct sink *s)
{
	return ((const struct sftp_sink *)s->own)->sftp;
}

static struct sftp_sink_file *file_of(struct sink_file *f)
{
	return (struct sftp_sink_file *)f->own;
}

static void path_of(const struct sink *s, const char *name, char path[SFTP_PATH_MAX])
{
	snprintf(path, SFTP_PATH_MAX, "%s/%s", strcmp(s->where, "/") ? s->where : "", name);
}

/* ---- one file --------------------------------------------------------------- */

/* Version 3 calls a full disk a failure; whether it is full can be asked. */
static bool failed(struct sink_file *f, struct err *e)
{
	struct sftp *c = server(f->sink);
	struct sftp_room room;
	struct err ignored;

	if (!f->failed && !c->dead) {
		within(e, "%s", f->part);
		if (e->code == EIO && c->can_statvfs &&
		    sftp_free_room(c, f->sink->where, &room, &ignored) &&
		    (room.len < FULL_LEN || !room.files))
			fail(e, ENOSPC, "%s: no space is left on the server", f->part);
	}
	return sink_latch(f, e);
}

/* Nothing more comes to a file that only grows: the server stores it, and we may read. */
static bool end_writing(struct sink_file *f, struct err *e)
{
	struct sftp_sink_file *own = file_of(f);
	struct sftp *c = server(f->sink);
	char path[SFTP_PATH_MAX];

	if (!f->sink->only_grows || own->is_over)
		return true;
	path_of(f->sink, f->part, path);
	own->is_over = true;
	if (!sftp_close(own->file, e))
		return false;
	own->file = sftp_open(c, path, SFTP_O_READ, e);
	return own->file;
}

/* What was brought along is of no use any more if one of these bytes is among it. */
static void forget(struct sink_file *f, uint64_t off, uint64_t len)
{
	struct sftp_ahead *a = of(f->sink)->ahead;

	if (a->file == file_of(f)->file && off < a->off + a->len && a->off < off + len)
		a->len = 0;
}

static bool remote_write_at(struct out *o, uint64_t off, const void *buf, size_t len,
			    struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct sftp *c = server(f->sink);

	if (f->failed)
		return sink_latch(f, e);
	forget(f, off, len);
	if (f->sink->only_grows && (off != f->end || file_of(f)->is_over)) {
		fail(e, EINVAL, "%llu is not where it ends", (unsigned long long)off);
		return failed(f, e);
	}
	if (!sftp_write(file_of(f)->file, off, buf, len, e))
		return failed(f, e);
	sink_wrote(f, off, buf, len);
	file_of(f)->fresh += len;
	if (file_of(f)->fresh < STEP || !c->can_fsync)
		return true;
	file_of(f)->fresh = 0;
	return sftp_start_sync(file_of(f)->file, e) || failed(f, e);
}

/*
 * Bitmaps come back in pieces of 4 KiB, mostly one after the other: each by itself would
 * cost the way to the server and back.
 */
static bool read_ahead(struct sink_file *f, uint64_t off, struct err *e)
{
	struct sftp_ahead *a = of(f->sink)->ahead;
	size_t len = min_u64(SFTP_AHEAD, f->end - off);

	a->len = 0;
	if (!sftp_read(file_of(f)->file, off, a->bytes, len, e))
		return false;
	a->file = file_of(f)->file;
	a->off = off;
	a->len = len;
	return true;
}

static bool remote_read_at(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct sftp_ahead *a = of(f->sink)->ahead;

	if (f->failed)
		return sink_latch(f, e);
	if (!end_writing(f, e))
		return failed(f, e);
	if (len > SFTP_CHUNK || off > f->end || len > f->end - off)
		return sftp_read(file_of(f)->file, off, buf, len, e) || failed(f, e);
	if ((a->file != file_of(f)->file || off < a->off || off + len > a->off + a->len) &&
	    !read_ahead(f, off, e))
		return failed(f, e);
	memcpy(buf, a->bytes + (off - a->off), len);
	return true;
}

/* What the server has in its memory is out of our reach; what was brought along is not. */
static bool remote_reread(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	of(((struct sink_file *)o)->sink)->ahead->len = 0;
	return remote_read_at(o, off, buf, len, e);
}

static bool write_zeroes(struct sink_file *f, uint64_t len, struct err *e)
{
	static const char zeroes[4096];

	for (uint64_t off = f->end, n; off < len; off += n) {
		n = min_u64(len - off, sizeof(zeroes));
		if (!sftp_write(file_of(f)->file, off, zeroes, n, e))
			return false;
	}
	return true;
}

/* Where lengths must not be set, a byte at the end does it; nothing is there yet. */
static bool remote_lengthen(struct out *o, uint64_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct sftp *c = server(f->sink);

	if (f->failed)
		return sink_latch(f, e);
	if (len <= f->end)
		return true;
	of(f->sink)->ahead->len = 0;
	if (!sftp_set_len(file_of(f)->file, len, e) &&
	    (c->dead || !sftp_write(file_of(f)->file, len - 1, "", 1, e)))
		return failed(f, e);
	f->end = len;
	return true;
}

/* Little space can be taken in advance, by filling it; for more the length is set. */
static bool remote_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (f->failed)
		return sink_latch(f, e);
	if (off != f->end || len > HOLD_LEN) {
		o->owed += len;
		return remote_lengthen(o, off + len, e);
	}
	of(f->sink)->ahead->len = 0;
	if (!write_zeroes(f, off + len, e))
		return failed(f, e);
	f->end = off + len;
	return true;
}

static bool remote_sync(struct out *o, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct sftp *c = server(f->sink);

	if (f->failed)
		return sink_latch(f, e);
	if (c->can_fsync && !sftp_start_sync(file_of(f)->file, e))
		return failed(f, e);
	file_of(f)->fresh = 0;
	return sftp_drain(file_of(f)->file, e) || failed(f, e);
}

static const struct out_ops file_ops = {
	.write_at = remote_write_at,
	.read_at = remote_read_at,
	.reread = remote_reread,
	.lengthen = remote_lengthen,
	.reserve = remote_reserve,
	.sync = remote_sync,
};

/* ---- the folder ------------------------------------------------------------- */

static bool remote_has(struct sink *s, const char *name)
{
	char path[SFTP_PATH_MAX];
	bool is_folder;
	struct err ignored;

	path_of(s, name, path);
	return sftp_look(server(s), path, &is_folder, &ignored);
}

static bool remote_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	struct sftp_room room;

	if (!server(s)->can_statvfs) {
		*free_ret = UINT64_MAX;
		return true;
	}
	if (!sftp_free_room(server(s), s->where, &room, e))
		return false;
	*free_ret = room.len;
	return true;
}

static bool rename_file(struct sink *s, const char *from, const char *to, struct err *e)
{
	char old[SFTP_PATH_MAX], new[SFTP_PATH_MAX];

	path_of(s, from, old);
	path_of(s, to, new);
	/* Nothing but our own of before can have the name; the plain request fails then. */
	if (!server(s)->can_posix_rename && remote_has(s, to))
		sftp_remove(server(s), new, e);
	return sftp_rename(server(s), old, new, e);
}

static bool remote_move(struct sink *s, const char *from, const char *to, struct err *e)
{
	return rename_file(s, from, to, e) && sftp_sync_folder(server(s), s->where, e);
}

static bool remote_remove(struct sink *s, const char *name, struct err *e)
{
	char path[SFTP_PATH_MAX];

	path_of(s, name, path);
	return sftp_remove(server(s), path, e) && sftp_sync_folder(server(s), s->where, e);
}

static bool remote_create(struct sink *s, const char *name, struct sink_file *f,
			  struct err *e)
{
	char path[SFTP_PATH_MAX];

	of(s)->ahead->len = 0;
	sink_file_begin(f, s, name, &file_ops);
	/* A leftover part may be a link somebody planted: it goes, and is never followed. */
	path_of(s, f->part, path);
	sftp_remove(server(s), path, e);
	file_of(f)->file = sftp_open(server(s), path, (s->only_grows ? 0 : SFTP_O_READ) |
				     SFTP_O_WRITE | SFTP_O_CREATE | SFTP_O_EXCLUSIVE, e);
	return file_of(f)->file && sftp_sync_folder(server(s), s->where, e);
}

static bool remote_commit(struct sink_file *f, struct err *e)
{
	struct sink *s = f->sink;
	struct err ignored;
	uint64_t len;

	if (!remote_sync(&f->out, e))
		return false;
	if (!end_writing(f, e))
		return failed(f, e);
	if (!sftp_len(file_of(f)->file, &len, e))
		return failed(f, e);
	if (!sink_file_has_len(f, len, e))
		return false;
	if (!sftp_close(file_of(f)->file, e))
		return failed(f, e);
	if (!rename_file(s, f->part, f->name, e))
		return failed(f, e);
	if (sftp_sync_folder(server(s), s->where, e))
		return true;
	/* A name is a promise that could not be kept. */
	rename_file(s, f->name, f->part, &ignored);
	return within(e, "%s: cannot sync the folder", s->where);
}

static void remote_abandon(struct sink_file *f, bool keep)
{
	char path[SFTP_PATH_MAX];
	struct err ignored;

	if (file_of(f)->file && file_of(f)->file->on)
		sftp_close(file_of(f)->file, &ignored);
	path_of(f->sink, f->part, path);
	if (!keep)
		sftp_remove(server(f->sink), path, &ignored);
}

/* The carrier belongs to who started it. */
static void remote_close(struct sink *s)
{
	of(s)->sftp = NULL;
	of(s)->ahead = NULL;
}

static const struct sink_ops sftp_ops = {
	.scheme = "sftp",
	.has = remote_has,
	.move = remote_move,
	.remove = remote_remove,
	.space = remote_space,
	.create = remote_create,
	.commit = remote_commit,
	.abandon = remote_abandon,
	.close = remote_close,
};

/* ---- opening ---------------------------------------------------------------- */

static void begin(struct sink *s, struct sftp_ahead *a)
{
	const struct sftp *c = a->sftp;

	*s = (struct sink){ .ops = &sftp_ops, .durable = c->durable };
	of(s)->sftp = a->sftp;
	of(s)->ahead = a;
	if (!c->can_fsync)
		snprintf(s->lacks, sizeof(s->lacks), "the SFTP server cannot say that what it "
			 "has is on its disk (it lacks fsync@openssh.com)");
	if (!c->can_fsync)
		log_warn("%s: %s", c->carrier.peer, s->lacks);
	if (!c->can_statvfs)
		log_warn("%s: its free space is unknown (it lacks statvfs@openssh.com)",
			 c->carrier.peer);
}

static bool take_path(struct sink *s, const char *path, struct err *e)
{
	if (path[0] != '/' || strlen(path) >= sizeof(s->where))
		return fail(e, EINVAL, "folder name of %zu characters", strlen(path));
	snprintf(s->where, sizeof(s->where), "%s", path);
	return true;
}

static bool learn(struct sink *s, struct err *e)
{
	struct sftp *c = server(s);

	if (c->can_fsync)
		return true;
	s->only_grows = sftp_only_grows(c, s->where);
	if (c->dead)
		return sftp_die(c, 0, "", e);
	if (s->only_grows)
		log_info("%s: a file there only grows, and is read when it is closed",
			 c->carrier.peer);
	return true;
}

bool sink_sftp_open(struct sink *s, struct sftp_ahead *a, const char *path, struct err *e)
{
	begin(s, a);
	return take_path(s, path, e) &&
	       sftp_make_folders(server(s), path, &s->n_made, e) && learn(s, e);
}

static bool make_new(void *ctx, const char *path, struct err *e)
{
	struct sftp *c = ctx;
	bool is_folder;
	struct err ignored;

	if (sftp_mkdir(c, path, e))
		return true;
	/* Taken, or not allowed: the server does not say which. */
	return !c->dead && sftp_look(c, path, &is_folder, &ignored) &&
	       fail(e, EEXIST, "%s is there", path);
}

bool sink_sftp_new(struct sink *s, struct sftp_ahead *a, const char *parent,
		   const char *name, char *made, struct err *e)
{
	char path[SINK_WHERE_MAX];

	begin(s, a);
	if (!take_path(s, parent, e) ||
	    !sftp_make_folders(server(s), parent, &s->n_made, e) ||
	    !sink_new_folder(parent, name, path, make_new, a->sftp, e))
		return false;
	memcpy(made, path, sizeof(path));
	return sftp_sync_folder(server(s), parent, e) && take_path(s, path, e) && learn(s, e);
}
