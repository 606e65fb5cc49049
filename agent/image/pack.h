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

/* Of what is packed, in words, and as a usage has them. */
#define PACK_NAMES "zstd, gzip, none"
#define PACK_CHOICE "zstd|gzip|none"
#define PACK_USUAL "zstd"

/*
 * *b becomes the packed one; `codec` is zstd, gzip or none. Its length is a multiple of four,
 * so that an archive may be put behind it; all of it is one valid stream.
 */
bool pack(const char *codec, struct blob *b, struct arena *a, struct err *e);
bool pack_knows(const char *codec);

/* "zstd", "gzip", "xz" by the first bytes, or "none". */
const char *unpack_codec(const struct blob *from);

/* A stream, and memory of the caller that takes what is in it. */
struct unpacking {
	const char *path;	/* of the file, for what is said */
	struct blob from;
	struct blob to;		/* as much as there is room; then as much as came */
	struct arena *scratch;	/* nothing stays in it */
};

/*
 * One stream; all that is not packed is copied. xz is asked of the program of that name, on
 * the file called `path`.
 */
bool unpack(struct unpacking *u, struct err *e);

/* The same where something else may follow: from.len becomes what the first stream takes. */
bool unpack_first(struct unpacking *u, struct err *e);

#endif
