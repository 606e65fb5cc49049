/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ship sftp: with our own client, keys and pins as for targets. What was sent so far lies in a
 * file whose name has the SHA-256 of the whole, so that only the same bytes go on there; all of
 * it is read back before the file gets its name.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "config/resolve.h"
#include "ship_file.h"
#include "ship_way.h"
#include "targets/connect.h"
#include "targets/sftp.h"
#include "targets/sftp_ask.h"
#include "targets/sftp_folder.h"
#include "targets/target_access.h"
#include "targets/target_kinds.h"

#define PIECE (256u << 10)

/* Where one file goes. */
struct there {
	struct sftp *c;
	char folder[SFTP_PATH_MAX], path[SFTP_PATH_MAX], part[SFTP_PATH_MAX];
};

static bool is(const struct config *config)
{
	return target_needs(config->ship.to, NEEDS_CLIENT);
}

static bool open_way(struct ship_job *j, struct err *e)
{
	struct target_access access = { .words = j->config->ship.to, .ssh = j->ssh,
					.arena = j->arena, .alive = j->alive,
					.durable = j->alive };
	struct connection *c = arena_take(j->arena, 1, sizeof(*c), "SFTP connection", e);

	config_access(j->config, &access);
	/* Its own error must come before who watches us thinks that it hangs. */
	access.stall_s *= 0.75;
	if (!c || !resolve_target(&j->config->names, access.words, e) ||
	    !connect_sftp(c, &access, e))
		return false;
	j->own = c;
	return true;
}

static void close_way(struct ship_job *j)
{
	connection_close(j->own);
}

static bool name_it(struct there *t, const struct connection *c, const struct ship_file *f,
		    struct err *e)
{
	const char *base = c->remote.path;

	t->c = c->sftp;
	if (snprintf(t->folder, sizeof(t->folder), "%s%s%s", base, base[1] ? "/" : "",
		     f->folder) >= (int)sizeof(t->folder) ||
	    snprintf(t->path, sizeof(t->path), "%s/%s", t->folder, f->name) >=
	    (int)sizeof(t->path) ||
	    snprintf(t->part, sizeof(t->part), "%s/%s-%.16s-incomplete", t->folder, f->name,
		     f->sha) >= (int)sizeof(t->part))
		return fail(e, ENAMETOOLONG, "%s/%s: too long a name", base, f->folder);
	return true;
}

/* Reads a file there as a whole. ENOENT: there is none; EEXIST: it is another one. */
static bool is_same(const struct there *t, const char *path, const struct ship_file *f,
		    uint64_t *alive, struct err *e)
{
	struct sftp_file *file = sftp_open(t->c, path, SFTP_O_READ, e);
	struct sha256_ctx sha;
	uint8_t buf[PIECE];
	uint64_t len = 0;
	char hex[SHIP_SHA_LEN];
	struct err ignored;
	bool ok;

	if (!file)
		return false;
	sha256_init(&sha);
	ok = sftp_len(file, &len, e);
	for (uint64_t off = 0, n; ok && len == f->len && off < len; off += n) {
		n = min_u64(sizeof(buf), len - off);
		ok = sftp_read(file, off, buf, n, e);
		sha256_update(&sha, n, buf);
		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
	}
	sftp_close(file, &ignored);
	if (!ok)
		return false;
	ship_digest(&sha, hex);
	return (len == f->len && !strcmp(hex, f->sha)) ||
	       fail(e, EEXIST, "%s: has other bytes than %s/%s here; it was left alone", path,
		    f->folder, f->name);
}

/* From where the part ends that is there already. */
static bool append(struct sftp_file *to, const struct ship_file *f, const struct ship_job *j,
		   struct err *e)
{
	uint8_t buf[PIECE];
	struct ship_reader r;
	uint64_t there = 0, n, off;

	if (!sftp_len(to, &there, e))
		return false;
	if (there > f->len)
		there = 0;
	/* What is there is only read here, and so at full speed. */
	ship_reader_begin(&r, f, 0, j->alive);
	for (off = 0; off < f->len; off += n) {
		n = min_u64(sizeof(buf), (off < there ? there : f->len) - off);
		if (off == there)
			ship_reader_slow(&r, j->config->ship.rate_kib);
		if (!ship_read(&r, buf, n, e))
			return false;
		if (off >= there && !sftp_write(to, off, buf, n, e))
			return false;
	}
	return ship_reader_agrees(&r, e) && sftp_drain(to, e) && sftp_set_len(to, f->len, e) &&
	       (!to->on->can_fsync || (sftp_start_sync(to, e) && sftp_drain(to, e)));
}

static bool put(const struct there *t, const struct ship_file *f, const struct ship_job *j,
		struct err *e)
{
	struct sftp_file *to;
	struct err ignored;
	unsigned n_made = 0;
	bool ok;

	if (!sftp_make_folders(t->c, t->folder, &n_made, e))
		return false;
	to = sftp_open(t->c, t->part, SFTP_O_WRITE | SFTP_O_CREATE, e);
	if (!to)
		return within(e, "%s", t->part);
	ok = append(to, f, j, e);
	ok &= sftp_close(to, ok ? e : &ignored);
	if (!ok)
		return within(e, "%s", t->path);
	if (!is_same(t, t->part, f, j->alive, e)) {
		if (e->code == EEXIST)
			sftp_remove(t->c, t->part, &ignored);
		return within(e, "reading back");
	}
	return sftp_rename(t->c, t->part, t->path, e) && sftp_sync_folder(t->c, t->folder, e);
}

static bool send_file(struct ship_job *j, struct ship_sending *s, struct err *e)
{
	struct there t;

	if (!name_it(&t, j->own, s->file, e))
		return false;
	s->was_there = is_same(&t, t.path, s->file, j->alive, e);
	if (s->was_there || (e->code == ENOENT && put(&t, s->file, j, e)))
		return true;
	/* The server lets us in, and not at this one. */
	if (e->code == EACCES)
		e->code = SHIP_REFUSED;
	return false;
}

const struct ship_way way_sftp = {
	.is = is,
	.open = open_way,
	.send = send_file,
	.close = close_way,
};
