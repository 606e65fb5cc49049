/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to an SFTP server. Requests as the draft (and, for the extensions, OpenSSH's
 * PROTOCOL file) lays them out, and what is taken from the answers; nothing here waits by
 * itself.
 */
#include "sftp_ask.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "free_space.h"
#include "sftp.h"

enum {
	FXP_OPEN = 3, FXP_CLOSE = 4, FXP_READ = 5, FXP_WRITE = 6, FXP_LSTAT = 7,
	FXP_FSTAT = 8, FXP_FSETSTAT = 10, FXP_OPENDIR = 11, FXP_READDIR = 12, FXP_REMOVE = 13,
	FXP_MKDIR = 14, FXP_RMDIR = 15, FXP_STAT = 17, FXP_RENAME = 18, FXP_STATUS = 101,
	FXP_HANDLE = 102, FXP_NAME = 104, FXP_ATTRS = 105,
	FXP_EXTENDED = 200, FXP_EXTENDED_REPLY = 201,
};
enum { ATTR_SIZE = 1, ATTR_OWNER = 2, ATTR_MODE = 4, ATTR_TIMES = 8,
       ATTR_EXTENDED = 1u << 31 };
enum { FX_EOF = 1 };

#define MAX_LISTED 65536u	/* names in a folder, whatever the server goes on to tell */

#define KIND_OF_FILE 0170000u
#define FOLDER 0040000u

/* ---- answers ---------------------------------------------------------------- */

static struct cursor answer(const struct sftp *c)
{
	return (struct cursor){ c->answer, c->answer + c->answer_len };
}

static bool makes_no_sense(struct sftp *c, struct err *e)
{
	return sftp_die(c, EPROTO, "an answer makes no sense", e);
}

/* Sends the question; false, with the server's reason, unless the answer has that type. */
static bool ask_for(struct sftp *c, struct sftp_packet *p, uint8_t type, const char *doing,
		    const char *what, struct err *e)
{
	struct cursor r;
	uint32_t status;

	if (!sftp_ask(c, p, e))
		return false;
	r = answer(c);
	if (c->answer_type == type && type != FXP_STATUS)
		return true;
	if (c->answer_type != FXP_STATUS || !sftp_get_u32(&r, &status))
		return makes_no_sense(c, e);
	if (!status)
		return type == FXP_STATUS || makes_no_sense(c, e);
	return fail(e, sftp_errno(status), "cannot %s %s: %s", doing, what,
		    sftp_status_name(status));
}

/* The last answer was that there is no more. */
static bool is_at_end(const struct sftp *c)
{
	struct cursor r = answer(c);
	uint32_t status;

	return c->answer_type == FXP_STATUS && sftp_get_u32(&r, &status) && status == FX_EOF;
}

/* A file's length and mode, where they are told, and nothing of what follows them. */
static bool get_attrs(struct cursor *r, uint64_t *len_ret, uint32_t *mode_ret)
{
	const uint8_t *bytes;
	uint32_t flags, ignored;

	*len_ret = UINT64_MAX;
	*mode_ret = 0;
	if (!sftp_get_u32(r, &flags) ||
	    (flags & ATTR_SIZE && !sftp_get_u64(r, len_ret)) ||
	    (flags & ATTR_OWNER &&
	     (!sftp_get_u32(r, &ignored) || !sftp_get_u32(r, &ignored))) ||
	    (flags & ATTR_MODE && !sftp_get_u32(r, mode_ret)) ||
	    (flags & ATTR_TIMES &&
	     (!sftp_get_u32(r, &ignored) || !sftp_get_u32(r, &ignored))))
		return false;
	if (!(flags & ATTR_EXTENDED))
		return true;
	if (!sftp_get_u32(r, &flags))
		return false;
	for (uint32_t n = flags; n; n--)
		if (!sftp_get_bytes(r, &bytes, &ignored) ||
		    !sftp_get_bytes(r, &bytes, &ignored))
			return false;
	return true;
}

static bool take_attrs(struct sftp *c, uint64_t *len_ret, uint32_t *mode_ret, struct err *e)
{
	struct cursor r = answer(c);

	return get_attrs(&r, len_ret, mode_ret) || makes_no_sense(c, e);
}

/* ---- files ------------------------------------------------------------------ */

static bool take_handle(struct sftp *c, struct sftp_file *f, struct err *e)
{
	struct cursor r = answer(c);
	const uint8_t *handle;
	uint32_t len;

	if (!sftp_get_bytes(&r, &handle, &len) || !len || len > SFTP_HANDLE_MAX)
		return makes_no_sense(c, e);
	*f = (struct sftp_file){ .on = c, .handle_len = len };
	memcpy(f->handle, handle, len);
	return true;
}

/* Asks for a handle; it is ours until sftp_close(). */
static struct sftp_file *open_by(struct sftp *c, struct sftp_packet *p, const char *doing,
				 const char *path, struct err *e)
{
	struct sftp_file *f = c->files, *end = f + SFTP_FILES;

	while (f < end && f->on)
		f++;
	if (f == end) {
		fail(e, EMFILE, "cannot open %s: %u files are open", path, SFTP_FILES);
		return NULL;
	}
	return ask_for(c, p, FXP_HANDLE, doing, path, e) && take_handle(c, f, e) ? f : NULL;
}

struct sftp_file *sftp_open(struct sftp *c, const char *path, unsigned flags, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_OPEN);
	sftp_put_string(&p, path);
	sftp_put_u32(&p, flags);
	sftp_put_u32(&p, flags & SFTP_O_CREATE ? ATTR_MODE : 0);
	if (flags & SFTP_O_CREATE)
		sftp_put_u32(&p, 0600);
	return open_by(c, &p, flags & SFTP_O_CREATE ? "create" : "open", path, e);
}

static void put_handle(struct sftp_packet *p, const struct sftp_file *f)
{
	sftp_put_bytes(p, f->handle, f->handle_len);
}

bool sftp_close(struct sftp_file *f, struct err *e)
{
	struct sftp_packet p;
	bool ok;

	sftp_request(&p, FXP_CLOSE);
	put_handle(&p, f);
	ok = sftp_await(f, 0, e) && ask_for(f->on, &p, FXP_STATUS, "close", "a file", e);
	f->on = NULL;
	return ok;
}

/* What an earlier request for this file came to. */
static bool is_good(const struct sftp_file *f, struct err *e)
{
	if (!f->failed)
		return true;
	*e = f->first;
	return false;
}

bool sftp_write(struct sftp_file *f, uint64_t off, const void *buf, size_t len,
		struct err *e)
{
	const char *at = buf;

	for (size_t n; len; off += n, at += n, len -= n) {
		struct sftp_slot want = { .kind = SFTP_WRITTEN, .file = f, .off = off };
		struct sftp_packet p;

		n = want.len = min_u64(len, SFTP_CHUNK);
		sftp_request(&p, FXP_WRITE);
		put_handle(&p, f);
		sftp_put_u64(&p, off);
		sftp_put_u32(&p, n);
		p.data = at;
		p.data_len = n;
		if (!is_good(f, e) || !sftp_send(f->on, &p, &want, e))
			return false;
	}
	return is_good(f, e);
}

static bool send_read(const struct sftp_slot *want, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_READ);
	put_handle(&p, want->file);
	sftp_put_u64(&p, want->off);
	sftp_put_u32(&p, want->len);
	return sftp_send(want->file->on, &p, want, e);
}

bool sftp_read(struct sftp_file *f, uint64_t off, void *buf, size_t len,
	       struct err *e)
{
	struct sftp_slot next = { .kind = SFTP_READ, .file = f, .off = off, .to = buf };
	struct sftp *c = f->on;

	c->n_again = 0;
	/* Whatever happens, nothing may be in flight to buf when this returns. */
	for (;;) {
		struct sftp_slot want;

		if (c->n_again) {
			want = c->again[--c->n_again];
		} else if (len && !f->failed) {
			want = next;
			want.len = min_u64(len, SFTP_CHUNK);
			next.off += want.len;
			next.to += want.len;
			len -= want.len;
		} else if (f->n_flight) {
			if (!sftp_await(f, f->n_flight - 1, e))
				return false;
			continue;
		} else {
			return is_good(f, e);
		}
		if (!send_read(&want, e))
			return false;
	}
}

bool sftp_start_sync(struct sftp_file *f, struct err *e)
{
	const struct sftp_slot want = { .kind = SFTP_SYNCED, .file = f };
	struct sftp_packet p;

	sftp_request(&p, FXP_EXTENDED);
	sftp_put_string(&p, "fsync@openssh.com");
	put_handle(&p, f);
	return is_good(f, e) && sftp_send(f->on, &p, &want, e);
}

bool sftp_drain(struct sftp_file *f, struct err *e)
{
	return sftp_await(f, 0, e) && is_good(f, e);
}

bool sftp_len(struct sftp_file *f, uint64_t *len_ret, struct err *e)
{
	struct sftp_packet p;
	uint32_t mode;

	sftp_request(&p, FXP_FSTAT);
	put_handle(&p, f);
	return ask_for(f->on, &p, FXP_ATTRS, "see", "how long the file is", e) &&
	       take_attrs(f->on, len_ret, &mode, e);
}

bool sftp_set_len(struct sftp_file *f, uint64_t len, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_FSETSTAT);
	put_handle(&p, f);
	sftp_put_u32(&p, ATTR_SIZE);
	sftp_put_u64(&p, len);
	return ask_for(f->on, &p, FXP_STATUS, "set", "the length of the file", e);
}

/* ---- names ------------------------------------------------------------------ */

static bool look(struct sftp *c, uint8_t type, const char *path, bool *is_folder_ret,
		 struct err *e)
{
	struct sftp_packet p;
	uint64_t len;
	uint32_t mode;

	sftp_request(&p, type);
	sftp_put_string(&p, path);
	if (!ask_for(c, &p, FXP_ATTRS, "look at", path, e) || !take_attrs(c, &len, &mode, e))
		return false;
	*is_folder_ret = (mode & KIND_OF_FILE) == FOLDER;
	return true;
}

bool sftp_look(struct sftp *c, const char *path, bool *is_folder_ret, struct err *e)
{
	return look(c, FXP_LSTAT, path, is_folder_ret, e);
}

bool sftp_look_through(struct sftp *c, const char *path, bool *is_folder_ret, struct err *e)
{
	return look(c, FXP_STAT, path, is_folder_ret, e);
}

bool sftp_mkdir(struct sftp *c, const char *path, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_MKDIR);
	sftp_put_string(&p, path);
	sftp_put_u32(&p, ATTR_MODE);
	sftp_put_u32(&p, 0700);
	return ask_for(c, &p, FXP_STATUS, "make the folder", path, e);
}

bool sftp_remove(struct sftp *c, const char *path, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_REMOVE);
	sftp_put_string(&p, path);
	return ask_for(c, &p, FXP_STATUS, "remove", path, e);
}

bool sftp_rmdir(struct sftp *c, const char *path, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, FXP_RMDIR);
	sftp_put_string(&p, path);
	return ask_for(c, &p, FXP_STATUS, "remove the folder", path, e);
}

/* The names of one answer. One that is too long to be ours is passed over. */
static bool take_names(struct sftp *c, const struct sftp_visitor *visitor,
		       unsigned *n_listed, struct err *e)
{
	struct cursor r = answer(c);
	uint32_t n;

	if (!sftp_get_u32(&r, &n) || !n)
		return makes_no_sense(c, e);
	for (; n; n--) {
		const uint8_t *name, *ignored;
		struct sftp_name entry;
		uint32_t name_len, mode;
		uint64_t len;
		char text[256];

		if (!sftp_get_bytes(&r, &name, &name_len) ||
		    !sftp_get_bytes(&r, &ignored, &mode) || !get_attrs(&r, &len, &mode))
			return makes_no_sense(c, e);
		if (++*n_listed > MAX_LISTED)
			return fail(e, EFBIG, "more than %u names in it", MAX_LISTED);
		if (!name_len || name_len >= sizeof(text) || memchr(name, 0, name_len))
			continue;
		memcpy(text, name, name_len);
		text[name_len] = '\0';
		entry = (struct sftp_name){ text, len == UINT64_MAX ? 0 : len,
					    (mode & KIND_OF_FILE) == FOLDER };
		if (!visitor->each(visitor->to, &entry, e))
			return false;
	}
	return true;
}

bool sftp_list(struct sftp *c, const char *path, const struct sftp_visitor *visitor,
	       struct err *e)
{
	struct sftp_file *folder;
	unsigned n_listed = 0;
	struct sftp_packet p;
	struct err ignored;
	bool ok;

	sftp_request(&p, FXP_OPENDIR);
	sftp_put_string(&p, path);
	folder = open_by(c, &p, "open the folder", path, e);
	if (!folder)
		return false;
	do {
		sftp_request(&p, FXP_READDIR);
		put_handle(&p, folder);
		ok = ask_for(c, &p, FXP_NAME, "list", path, e) &&
		     take_names(c, visitor, &n_listed, e);
	} while (ok);
	if (!c->dead && is_at_end(c))
		return sftp_close(folder, e);
	sftp_close(folder, &ignored);
	return false;
}

/* The plain request fails when the new name is taken, which is right for us too. */
bool sftp_rename(struct sftp *c, const char *from, const char *to, struct err *e)
{
	struct sftp_packet p;

	sftp_request(&p, c->can_posix_rename ? FXP_EXTENDED : FXP_RENAME);
	if (c->can_posix_rename)
		sftp_put_string(&p, "posix-rename@openssh.com");
	sftp_put_string(&p, from);
	sftp_put_string(&p, to);
	return ask_for(c, &p, FXP_STATUS, "rename", from, e);
}

bool sftp_free_room(struct sftp *c, const char *path, struct sftp_room *room, struct err *e)
{
	struct sftp_packet p;
	/* block, fragment, blocks, free, free for us; files, free, free for us */
	uint64_t v[8] = { 0 };
	struct cursor r;

	sftp_request(&p, FXP_EXTENDED);
	sftp_put_string(&p, "statvfs@openssh.com");
	sftp_put_string(&p, path);
	if (!ask_for(c, &p, FXP_EXTENDED_REPLY, "see the free space of", path, e))
		return false;
	r = answer(c);
	for (int i = 0; i < 8; i++)
		if (!sftp_get_u64(&r, &v[i]))
			return makes_no_sense(c, e);
	if (__builtin_mul_overflow(v[4], v[1], &room->len))
		room->len = UINT64_MAX;
	room->files = v[5] ? v[7] : FILES_UNKNOWN;
	return true;
}
