/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * zlib in memory that the caller gives: handed out front to back, as zlib asks only while
 * it is set up.
 */
#ifndef BASE_ZLIBMEM_H
#define BASE_ZLIBMEM_H

#include <stddef.h>
#include <zlib.h>

struct zlib_context {
	z_stream z;
	char *at, *end;
};

#define ZLIB_DEFLATE_LEN (300u << 10)	/* 15 window bits, memory level 8: 268 KiB */
#define ZLIB_INFLATE_LEN (64u << 10)

/* At the front of mem, for deflateInit() or inflateInit(); never to be ended. */
struct zlib_context *zlib_context(void *mem, size_t len);

#endif
