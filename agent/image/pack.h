/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel can unpack, packed as small as may be: an image is made once, kept in
 * reserved memory for months and unpacked in a few megabytes. And the other way round,
 * for modules and for an image that is there already.
 */
#ifndef IMAGE_PACK_H
#define IMAGE_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "host/whole_file.h"

struct arena;
struct err;

/*
 * `codec` is zstd, gzip or none. The length of what comes out is a multiple of four, so
 * that an archive may be put behind it; all of it is one valid stream.
 */
bool pack(const char *codec, const struct blob *from, struct arena *a, struct blob *out,
	  struct err *e);
bool pack_knows(const char *codec);

/* "zstd", "gzip", "xz" by the first bytes, or "none". */
const char *unpack_codec(const struct blob *from);

/*
 * One stream into memory of the caller; all that is not packed is copied. xz is asked of
 * the program of that name, on the file called `path`.
 */
bool unpack(const char *path, const struct blob *from, uint8_t *to, size_t cap,
	    size_t *len_ret, struct arena *scratch, struct err *e);

/* The same where something else may follow: from->len becomes what the first stream takes. */
bool unpack_first(const char *path, struct blob *from, uint8_t *to, size_t cap,
		  size_t *len_ret, struct arena *scratch, struct err *e);

#endif
