/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codecs that pages are packed by. A row per codec: a new one is a row and six
 * functions, or three where it only unpacks.
 */
#define ZSTD_STATIC_LINKING_ONLY	/* contexts in our own memory */
#include "codec.h"

#include <lzo/lzo1x.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#include "base/bytes.h"
#include "base/zlibmem.h"
#include "effort.h"
#include "kdumpformat.h"
#include "snappy.h"

#define ZSTD_LEVEL 1	/* 3.7 times as fast as zlib 1 at the same size */
/* 16 KiB of table, half of what the level asks for: 4 % faster, 0.03 % larger. */
#define ZSTD_HASH_LOG 12
#define ZLIB_LEVEL 1
#define ZLIB_MEM_LEVEL 8

/* ---- none ------------------------------------------------------------------- */

static size_t no_size(size_t page_size)
{
	(void)page_size;
	return 64;
}

static size_t no_unpack_size(void)
{
	return 64;
}

static void *no_context(void *mem, size_t len)
{
	(void)len;
	return mem;
}

static size_t no_pack(void *ctx, const struct packing *p)
{
	(void)ctx, (void)p;
	return 0;	/* never smaller than the page: it is stored as it is */
}

static bool no_unpack(void *ctx, const struct packing *p)
{
	(void)ctx;
	if (p->len != p->room)
		return false;
	memcpy(p->to, p->from, p->len);
	return true;
}

/* ---- zstd ------------------------------------------------------------------- */

/* Of level 3, which has two: 16 KiB, as the first. */
#define ZSTD_CHAIN_LOG 12

static const struct {
	int level;
	const char *name;
} efforts[N_EFFORTS] = {
	[EFFORT_NONE] = { 0, "none" }, { -10, "-10" }, { -7, "-7" }, { -5, "-5" }, { -3, "-3" },
	{ -2, "-2" }, { -1, "-1" }, [EFFORT_USUAL] = { ZSTD_LEVEL, "1" }, { 2, "2" },
	{ 3, "3" },
};

static size_t level_size(int level, size_t page_size)
{
	ZSTD_compressionParameters p = ZSTD_getCParams(level, page_size, 0);

	p.hashLog = ZSTD_HASH_LOG;
	p.chainLog = ZSTD_CHAIN_LOG;
	return ZSTD_estimateCCtxSize_usingCParams(p);
}

static size_t zstd_pack_size(size_t page_size)
{
	return level_size(ZSTD_LEVEL, page_size);
}

static size_t auto_pack_size(size_t page_size)
{
	size_t len = 0;

	for (unsigned i = EFFORT_NONE + 1; i < N_EFFORTS; i++)
		len = max_u64(len, level_size(efforts[i].level, page_size));
	return len;
}

static size_t zstd_unpack_size(void)
{
	return ZSTD_estimateDCtxSize();
}

static void *zstd_packer(void *mem, size_t len)
{
	ZSTD_CCtx *ctx = ZSTD_initStaticCCtx(mem, len);

	/* Parameters set once are looked up no more for each page. */
	if (ctx && (ZSTD_isError(ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel,
							ZSTD_LEVEL)) ||
		    ZSTD_isError(ZSTD_CCtx_setParameter(ctx, ZSTD_c_hashLog, ZSTD_HASH_LOG)) ||
		    ZSTD_isError(ZSTD_CCtx_setParameter(ctx, ZSTD_c_chainLog,
							ZSTD_CHAIN_LOG))))
		return NULL;
	return ctx;
}

/* Fails of no level of the table. */
static void zstd_set_effort(void *ctx, unsigned effort)
{
	if (effort != EFFORT_NONE && effort < N_EFFORTS)
		ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, efforts[effort].level);
}

static void *zstd_unpacker(void *mem, size_t len)
{
	return ZSTD_initStaticDCtx(mem, len);
}

static size_t zstd_pack(void *ctx, const struct packing *p)
{
	size_t n = ZSTD_compress2(ctx, p->to, p->room, p->from, p->len);

	return ZSTD_isError(n) ? 0 : n;
}

static bool zstd_unpack(void *ctx, const struct packing *p)
{
	return ZSTD_decompressDCtx(ctx, p->to, p->room, p->from, p->len) == p->room;
}

/* ---- zlib ------------------------------------------------------------------- */

static size_t zlib_pack_size(size_t page_size)
{
	(void)page_size;
	return ZLIB_DEFLATE_LEN;
}

static size_t zlib_unpack_size(void)
{
	return ZLIB_INFLATE_LEN;
}

static void *zlib_packer(void *mem, size_t len)
{
	struct zlib_context *c = zlib_context(mem, len);

	return deflateInit2(&c->z, ZLIB_LEVEL, Z_DEFLATED, MAX_WBITS, ZLIB_MEM_LEVEL,
			    Z_DEFAULT_STRATEGY) == Z_OK ? c : NULL;
}

static void *zlib_unpacker(void *mem, size_t len)
{
	struct zlib_context *c = zlib_context(mem, len);

	return inflateInit(&c->z) == Z_OK ? c : NULL;
}

static size_t zlib_pack(void *ctx, const struct packing *p)
{
	z_stream *z = &((struct zlib_context *)ctx)->z;

	deflateReset(z);
	z->next_in = (Bytef *)p->from;
	z->avail_in = p->len;
	z->next_out = p->to;
	z->avail_out = p->room;
	return deflate(z, Z_FINISH) == Z_STREAM_END ? p->room - z->avail_out : 0;
}

static bool zlib_unpack(void *ctx, const struct packing *p)
{
	z_stream *z = &((struct zlib_context *)ctx)->z;

	inflateReset(z);
	z->next_in = (Bytef *)p->from;
	z->avail_in = p->len;
	z->next_out = p->to;
	z->avail_out = p->room;
	return inflate(z, Z_FINISH) == Z_STREAM_END && z->avail_out == 0;
}

/* ---- only unpacked ----------------------------------------------------------- */

static bool lzo_unpack(void *ctx, const struct packing *p)
{
	lzo_uint len = p->room;

	(void)ctx;
	return lzo1x_decompress_safe(p->from, p->len, p->to, &len, NULL) == LZO_E_OK &&
	       len == p->room;
}

static bool snappy_page(void *ctx, const struct packing *p)
{
	(void)ctx;
	return snappy_unpack(p->from, p->len, p->to, p->room);
}

/* ---- table ------------------------------------------------------------------ */

static const struct codec codecs[] = {
	{ "zstd", KDUMP_ZSTD, zstd_pack_size, zstd_unpack_size, zstd_packer, zstd_unpacker,
	  zstd_pack, NULL, zstd_unpack },
	{ .name = "auto", .flag = KDUMP_ZSTD, .pack_size = auto_pack_size,
	  .packer = zstd_packer, .pack = zstd_pack, .set_effort = zstd_set_effort },
	{ "zlib", KDUMP_ZLIB, zlib_pack_size, zlib_unpack_size, zlib_packer, zlib_unpacker,
	  zlib_pack, NULL, zlib_unpack },
	{ "none", 0, no_size, no_unpack_size, no_context, no_context, no_pack, NULL,
	  no_unpack },
	{ .name = "lzo", .flag = KDUMP_LZO, .unpack_size = no_unpack_size,
	  .unpacker = no_context, .unpack = lzo_unpack },
	{ .name = "snappy", .flag = KDUMP_SNAPPY, .unpack_size = no_unpack_size,
	  .unpacker = no_context, .unpack = snappy_page },
};

/* What has a context for each of them has room for that many. */
_Static_assert(sizeof(codecs) / sizeof(codecs[0]) == N_CODECS, "N_CODECS in codec.h");

const char *codec_effort_name(unsigned effort)
{
	return efforts[effort].name;
}

unsigned codec_effort_named(const char *name)
{
	unsigned i = 0;

	while (i < N_EFFORTS && strcmp(efforts[i].name, name))
		i++;
	return i;
}

const struct codec *codec_at(unsigned i)
{
	return &codecs[i];
}

const char *codec_names(char names[CODEC_NAMES_MAX])
{
	size_t at = 0;

	for (unsigned i = 0; i < N_CODECS && at < CODEC_NAMES_MAX && codecs[i].pack; i++)
		at += snprintf(names + at, CODEC_NAMES_MAX - at, "%s%s", i ? ", " : "",
			       codecs[i].name);
	return names;
}

const struct codec *codec_named(const char *name)
{
	for (unsigned i = 0; i < N_CODECS; i++)
		if (codecs[i].pack && !strcmp(codecs[i].name, name))
			return &codecs[i];
	return NULL;
}

const struct codec *codec_flagged(uint32_t flag)
{
	for (unsigned i = 0; i < N_CODECS; i++)
		if (codecs[i].flag == flag && codecs[i].unpack)
			return &codecs[i];
	return NULL;
}
