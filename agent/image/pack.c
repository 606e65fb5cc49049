/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zstd and gzip in one piece each. The capture kernel unpacks in its few reserved
 * megabytes: zstd's window is held to 1 MiB, which costs a few per cent of size against
 * the 128 MiB of its highest level.
 */
#define ZSTD_STATIC_LINKING_ONLY	/* contexts in our own memory */
#include "pack.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/zlibmem.h"

#define ZSTD_LEVEL 22
#define ZSTD_WINDOW_LOG 20
#define GZIP_LEVEL 9
#define GZIP_WRAP 16	/* zlib: window bits plus this make it gzip's format */

/* ---- zstd ------------------------------------------------------------------- */

/*
 * Three bytes each: a raw block of nothing, behind the frame's header. A frame cannot be
 * padded behind its end, where only another frame may stand.
 */
static void fill_up(struct blob *b, size_t header_len)
{
	size_t n = b->len % 4 * 3;

	memmove(b->at + header_len + n, b->at + header_len, b->len - header_len);
	memset(b->at + header_len, 0, n);
	b->len += n;
}

static bool pack_zstd(struct blob *b, struct arena *a, struct err *e)
{
	size_t known = max_u64(b->len, 1);	/* 0 would be unknown, and cost much memory */
	ZSTD_compressionParameters p = ZSTD_getCParams(ZSTD_LEVEL, known, 0);
	size_t len, cap = ZSTD_compressBound(b->len), header_len;
	struct blob out = { .at = NULL };
	ZSTD_CCtx *ctx;
	void *mem;

	p.windowLog = min_u64(p.windowLog, ZSTD_WINDOW_LOG);
	p = ZSTD_adjustCParams(p, known, 0);
	len = ZSTD_estimateCCtxSize_usingCParams(p);
	mem = arena_take(a, len, 1, "zstd", e);
	out.at = mem ? arena_take(a, cap + 9, 1, "zstd", e) : NULL;
	if (!out.at)
		return false;
	ctx = ZSTD_initStaticCCtx(mem, len);
	if (!ctx)
		return fail(e, ENOMEM, "zstd: %zu bytes are not enough", len);
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	out.len = ZSTD_isError(ZSTD_CCtx_setCParams(ctx, p)) ? 0 :
		  ZSTD_compress2(ctx, out.at, cap, b->at, b->len);
	if (!out.len || ZSTD_isError(out.len))
		return fail(e, EIO, "zstd: %s", ZSTD_getErrorName(out.len));
	header_len = ZSTD_frameHeaderSize(out.at, out.len);
	if (ZSTD_isError(header_len))
		return fail(e, EIO, "zstd: a frame without a header");
	fill_up(&out, header_len);
	*b = out;
	return true;
}

static bool unpack_zstd(struct unpacking *u, struct err *e)
{
	size_t len = ZSTD_estimateDCtxSize();
	void *mem = arena_take(u->scratch, len, 1, "zstd", e);
	ZSTD_DCtx *ctx = mem ? ZSTD_initStaticDCtx(mem, len) : NULL;

	if (!ctx)
		return mem && fail(e, ENOMEM, "zstd: %zu bytes are not enough", len);
	u->to.len = ZSTD_decompressDCtx(ctx, u->to.at, u->to.len, u->from.at, u->from.len);
	return !ZSTD_isError(u->to.len) ||
	       fail(e, EINVAL, "%s: zstd: %s", u->path, ZSTD_getErrorName(u->to.len));
}

/* ---- gzip ------------------------------------------------------------------- */

static bool pack_gzip(struct blob *b, struct arena *a, struct err *e)
{
	void *mem = arena_take(a, ZLIB_DEFLATE_LEN, 1, "gzip", e);
	struct zlib_context *c = mem ? zlib_context(mem, ZLIB_DEFLATE_LEN) : NULL;
	size_t cap = b->len + b->len / 1000 + 1024;
	uint8_t *out = c ? arena_take(a, cap, 1, "gzip", e) : NULL;

	if (!out)
		return false;
	if (deflateInit2(&c->z, GZIP_LEVEL, Z_DEFLATED, MAX_WBITS + GZIP_WRAP, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return fail(e, ENOMEM, "gzip: cannot be set up");
	c->z.next_in = b->at;
	c->z.avail_in = b->len;
	c->z.next_out = out;
	c->z.avail_out = cap - 3;
	if (deflate(&c->z, Z_FINISH) != Z_STREAM_END)
		return fail(e, EIO, "gzip: does not come to an end");
	/* Zeroes behind the end are skipped, by gzip as by the kernel. */
	*b = (struct blob){ out, round_up(cap - 3 - c->z.avail_out, 4) };
	return true;
}

static bool unpack_gzip(struct unpacking *u, struct err *e)
{
	void *mem = arena_take(u->scratch, ZLIB_INFLATE_LEN, 1, "gzip", e);
	struct zlib_context *c = mem ? zlib_context(mem, ZLIB_INFLATE_LEN) : NULL;

	if (!c || inflateInit2(&c->z, MAX_WBITS + GZIP_WRAP) != Z_OK)
		return mem && fail(e, ENOMEM, "gzip: cannot be set up");
	c->z.next_in = u->from.at;
	c->z.avail_in = u->from.len;
	c->z.next_out = u->to.at;
	c->z.avail_out = min_u64(u->to.len, UINT32_MAX);
	if (inflate(&c->z, Z_FINISH) != Z_STREAM_END)
		return fail(e, EINVAL, "%s: gzip: damaged, or too large", u->path);
	u->to.len = c->z.next_out - u->to.at;
	u->from.len -= c->z.avail_in;
	return true;
}

/* ---- xz --------------------------------------------------------------------- */

/* Into `to`, whose length becomes what came. */
static bool read_to_end(int fd, struct blob *to)
{
	size_t cap = to->len;

	for (to->len = 0; to->len < cap;) {
		ssize_t n = read(fd, to->at + to->len, cap - to->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0;
		to->len += n;
	}
	return false;
}

static bool unpack_xz(struct unpacking *u, struct err *e)
{
	const char *const argv[] = { "xz", "-dc", "--", u->path, NULL };
	char *const env[] = { NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status, failed;
	bool whole;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return fail(e, errno, "pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	failed = posix_spawnp(&pid, "xz", &actions, NULL, (char **)argv, env);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	whole = !failed && read_to_end(ends[0], &u->to);
	close(ends[0]);
	if (failed == ENOENT)
		return fail(e, ENOENT, "%s: to unpack it the program xz is needed, and is not "
			    "installed (package xz-utils or xz)", u->path);
	if (failed)
		return fail(e, failed, "xz: cannot be started: %s", strerror(failed));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return whole && !status ? true : fail(e, EINVAL, "%s: xz cannot unpack it", u->path);
}

/* ---- table ------------------------------------------------------------------ */

static bool pack_none(struct blob *b, struct arena *a, struct err *e)
{
	(void)b, (void)a, (void)e;
	return true;
}

static bool unpack_none(struct unpacking *u, struct err *e)
{
	if (u->from.len > u->to.len)
		return fail(e, EFBIG, "%s: %zu bytes, room for %zu", u->path, u->from.len,
			    u->to.len);
	memcpy(u->to.at, u->from.at, u->from.len);
	u->to.len = u->from.len;
	return true;
}

/* The last one is what fits when no other does. */
static const struct {
	const char *name, *magic;
	size_t magic_len;
	bool (*pack)(struct blob *b, struct arena *a, struct err *e);
	bool (*unpack)(struct unpacking *u, struct err *e);
} codecs[] = {
	{ "zstd", "\x28\xb5\x2f\xfd", 4, pack_zstd, unpack_zstd },
	{ "gzip", "\x1f\x8b", 2, pack_gzip, unpack_gzip },
	{ "xz", "\xfd" "7zXZ", 5, NULL, unpack_xz },
	{ "none", "", 0, pack_none, unpack_none },
};

#define N_CODECS (sizeof(codecs) / sizeof(codecs[0]))

static size_t row_named(const char *codec)
{
	size_t i = 0;

	while (i < N_CODECS && (strcmp(codecs[i].name, codec) || !codecs[i].pack))
		i++;
	return i;
}

static size_t row_of(const struct blob *from)
{
	size_t i = 0;

	while (from->len < codecs[i].magic_len ||
	       memcmp(from->at, codecs[i].magic, codecs[i].magic_len))
		i++;
	return i;
}

bool pack_knows(const char *codec)
{
	return row_named(codec) < N_CODECS;
}

bool pack(const char *codec, struct blob *b, struct arena *a, struct err *e)
{
	size_t row = row_named(codec);

	if (row == N_CODECS)
		return fail(e, EINVAL, "'%s' is none of " PACK_NAMES, codec);
	return codecs[row].pack(b, a, e);
}

const char *unpack_codec(const struct blob *from)
{
	return codecs[row_of(from)].name;
}

bool unpack(struct unpacking *u, struct err *e)
{
	size_t mark = arena_mark(u->scratch);
	bool ok = codecs[row_of(&u->from)].unpack(u, e);

	arena_release(u->scratch, mark);
	return ok;
}

bool unpack_first(struct unpacking *u, struct err *e)
{
	size_t frame;

	/* The others say themselves how much they took. */
	if (!strcmp(unpack_codec(&u->from), "zstd")) {
		frame = ZSTD_findFrameCompressedSize(u->from.at, u->from.len);
		u->from.len = ZSTD_isError(frame) ? u->from.len : frame;
	}
	return unpack(u, e);
}
