/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sinks: what is the same for every kind of sink. */
#include "sink.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/numbers.h"
#include "crash_files.h"

#define REREAD_LEN (64u << 10)
#define FOLDERS_MAX 1000u	/* of one name */

bool sink_latch(struct sink_file *f, struct err *e)
{
	if (!f->failed) {
		f->failed = true;
		f->first = *e;
	}
	*e = f->first;
	return false;
}

bool sink_goes_on(struct sink_file *f, uint64_t off, struct err *e)
{
	if (!f->failed && off == f->end)
		return true;
	fail(e, EINVAL, "%s: %llu is not where it ends", f->name, (unsigned long long)off);
	return sink_latch(f, e);
}

bool sink_no_lengthen(struct out *o, uint64_t len, struct err *e)
{
	(void)len;
	return fail(e, ENOTSUP, "%s: it only grows", o->name);
}

bool sink_no_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	(void)off;
	return sink_no_lengthen(o, len, e);
}

bool sink_no_read(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	(void)off;
	(void)buf;
	(void)len;
	return fail(e, ENOTSUP, "%s: is only appended to, and not read", o->name);
}

void sink_part_name(const char *name, char part[SINK_NAME_MAX])
{
	char plain[SINK_NAME_MAX];
	size_t len = crash_file_plain(name, plain, sizeof(plain));
	const char *dot = strrchr(plain, '.');
	int stem = dot ? (int)(dot - plain) : (int)strlen(plain);

	snprintf(part, SINK_NAME_MAX, "%.*s-incomplete%s%s", stem, plain, dot ? dot : "",
		 name + len);
}

bool sink_new_folder(const char *parent, const char *name, char *path,
		     bool (*make)(void *ctx, const char *path, struct err *e), void *ctx,
		     struct err *e)
{
	const char *above = strcmp(parent, "/") ? parent : "";

	for (unsigned i = 0; i < FOLDERS_MAX; i++) {
		char suffix[8] = "";

		if (i)
			snprintf(suffix, sizeof(suffix), "-%u", i);
		if (snprintf(path, SINK_WHERE_MAX, "%s/%s%s", above, name, suffix) >=
		    SINK_WHERE_MAX)
			return fail(e, ENAMETOOLONG, "%s/%s: name too long", above, name);
		if (make(ctx, path, e))
			return true;
		if (e->code != EEXIST)
			return false;
	}
	return fail(e, EEXIST, "%s/%s: a thousand of them are there", above, name);
}

bool sink_create(struct sink *s, const char *name, struct sink_file *f, struct err *e)
{
	if (s->ops->has(s, name))
		return fail(e, EEXIST, "%s/%s is already there: choose another folder",
			    s->where, name);
	return s->ops->create(s, name, f, e);
}

void sink_file_begin(struct sink_file *f, struct sink *s, const char *name,
		     const struct out_ops *ops)
{
	*f = (struct sink_file){ .sink = s, .is_hashed = s->only_grows,
				 .is_summed = !s->is_unread };
	f->out.ops = ops;
	f->out.name = f->name;
	snprintf(f->name, sizeof(f->name), "%s", name);
	sink_part_name(name, f->part);
}

_Static_assert(sizeof(struct sha256_ctx) <= SINK_SHA_OWN, "there is room for it");

static struct sha256_ctx *sha_of(struct sink_file *f)
{
	return (struct sha256_ctx *)f->sha;
}

void sink_wrote(struct sink_file *f, uint64_t off, const void *buf, size_t len)
{
	f->end = max_u64(f->end, off + len);
	if (!off) {
		f->summed = f->crc = 0;
		if (f->is_hashed)
			sha256_init(sha_of(f));
	}
	if (off != f->summed)
		return;
	if (f->is_hashed)
		sha256_update(sha_of(f), len, buf);
	if (f->is_summed)
		f->crc = crc32_z(f->crc, buf, len);
	f->summed += len;
}

bool sink_reread_part(struct sink_file *f, uint64_t off, void *buf, size_t n, uint32_t *crc,
		      struct err *e)
{
	const struct out_ops *ops = f->out.ops;

	if (ops->check)
		return ops->check(&f->out, off, n, e);
	if (!ops->reread(&f->out, off, buf, n, e))
		return within(e, "reading back");
	*crc = crc32_z(*crc, buf, n);
	return true;
}

bool sink_is_as_written(struct sink_file *f, uint32_t crc, struct err *e)
{
	return (f->summed == f->end && crc == f->crc) ||
	       fail(e, EIO, "%s: read back, it is not what was written", f->part);
}

bool sink_reread(struct sink_file *f, uint64_t *alive, struct err *e)
{
	uint8_t buf[REREAD_LEN];
	uint32_t crc = 0;
	size_t n;

	if (!f->out.ops->sync(&f->out, e))
		return false;
	if (f->sink->is_unread)
		return true;
	for (uint64_t off = 0; off < f->summed; off += n) {
		n = min_u64(sizeof(buf), f->summed - off);
		if (!sink_reread_part(f, off, buf, n, &crc, e))
			return false;
		if (alive)
			__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
	}
	return sink_is_as_written(f, crc, e);
}

static struct sink_file *stored(struct sink_file *f)
{
	return f->sink->ops->lies_as ? f->sink->ops->lies_as(f) : f;
}

uint64_t sink_stored_len(struct sink_file *f)
{
	return stored(f)->end;
}

bool sink_past_cache(struct sink_file *f)
{
	return !stored(f)->is_cached;
}

bool sink_digest(struct sink_file *f, char hex[SINK_DIGEST_MAX])
{
	struct sink_file *s = stored(f);
	uint8_t digest[SHA256_DIGEST_SIZE];

	if (!s->is_hashed || s->summed != s->end)
		return false;
	sha256_digest(sha_of(s), sizeof(digest), digest);
	format_hex(hex, digest, sizeof(digest));
	return true;
}

bool sink_file_has_len(const struct sink_file *f, uint64_t len, struct err *e)
{
	return len == f->end ||
	       fail(e, EIO, "%s/%s: %llu bytes after it was written, %llu expected",
		    f->sink->where, f->part, (unsigned long long)len,
		    (unsigned long long)f->end);
}

bool sink_put(struct sink *s, const char *name, const void *text, size_t len,
	      struct err *e)
{
	struct sink_file f;

	if (!s->ops->create(s, name, &f, e))
		return false;
	if (f.out.ops->write_at(&f.out, 0, text, len, e) && sink_reread(&f, NULL, e) &&
	    s->ops->commit(&f, e))
		return true;
	s->ops->abandon(&f, true);
	return false;
}
