/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory for zlib: a pointer that moves on. */
#include "zlibmem.h"

#include <string.h>

static voidpf take(voidpf opaque, uInt n, uInt size)
{
	struct zlib_context *c = opaque;
	size_t len = ((size_t)n * size + 63) / 64 * 64;
	char *p = c->at;

	if (len > (size_t)(c->end - c->at))
		return Z_NULL;
	c->at += len;
	return p;
}

static void give_back(voidpf opaque, voidpf p)
{
	(void)opaque, (void)p;
}

struct zlib_context *zlib_context(void *mem, size_t len)
{
	struct zlib_context *c = mem;

	memset(c, 0, sizeof(*c));
	c->at = (char *)mem + (sizeof(*c) + 63) / 64 * 64;
	c->end = (char *)mem + len;
	c->z.zalloc = take;
	c->z.zfree = give_back;
	c->z.opaque = c;
	return c;
}
