/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting images behind one another. Each archive begins at a multiple of four; the
 * kernel passes over zeroes between them.
 */
#include "join.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "host/whole_file.h"
#include "pack.h"

#define CPIO_MAGIC "070701"
#define ALIGN 4

static bool is_archive(const struct blob *b)
{
	return strcmp(unpack_codec(b), "none") ||
	       (b->len >= strlen(CPIO_MAGIC) && !memcmp(b->at, CPIO_MAGIC, strlen(CPIO_MAGIC)));
}

bool join_images(char *const *paths, unsigned n, struct arena *a, struct blob *out,
		 struct err *e)
{
	struct blob *parts = arena_take(a, n, sizeof(*parts), "a list of images", e);
	size_t len = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!parts || !file_load(a, paths[i], &parts[i], e))
			return false;
		if (!is_archive(&parts[i]))
			return fail(e, EINVAL, "%s: not an image: neither cpio nor packed by "
				    "zstd, gzip or xz", paths[i]);
		len += round_up(parts[i].len, ALIGN);
	}
	out->at = parts ? arena_take(a, len, 1, "the image", e) : NULL;
	out->len = 0;
	for (unsigned i = 0; out->at && i < n; i++) {
		memcpy(out->at + out->len, parts[i].at, parts[i].len);
		out->len += round_up(parts[i].len, ALIGN);
	}
	return out->at != NULL;
}
