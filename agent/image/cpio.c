/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headers of 110 characters, names, data, each padded to four bytes. */
#include "cpio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/err.h"

#define HEADER_LEN 110
#define SIZE_AT 54	/* seventh field of eight characters behind the magic */
#define MAX_DATA 0xffffffffu

void cpio_init(struct cpio *c, void *mem, size_t cap)
{
	*c = (struct cpio){ .at = mem, .cap = cap };
}

static bool has_room(const struct cpio *c, size_t len, const char *name, struct err *e)
{
	return len <= c->cap - c->len ||
	       fail(e, EFBIG, "%s: the archive would be larger than %zu MiB", name,
		    c->cap >> 20);
}

static void pad(struct cpio *c)
{
	while (c->len % 4)
		c->at[c->len++] = 0;
}

static bool header(struct cpio *c, const char *name, unsigned mode, unsigned n_links,
		   unsigned major, unsigned minor, struct err *e)
{
	size_t name_len = strlen(name) + 1;
	char text[HEADER_LEN + 1];

	if (!has_room(c, HEADER_LEN + name_len + 8, name, e))
		return false;
	c->header = c->len;
	snprintf(text, sizeof(text), "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
		 "%08X", ++c->ino, mode, 0, 0, n_links, 0, 0, 0, 0, major, minor,
		 (unsigned)name_len, 0);
	memcpy(c->at + c->len, text, HEADER_LEN);
	memcpy(c->at + c->len + HEADER_LEN, name, name_len);
	c->len += HEADER_LEN + name_len;
	pad(c);
	return true;
}

bool cpio_dir(struct cpio *c, const char *name, unsigned mode, struct err *e)
{
	return header(c, name, S_IFDIR | mode, 2, 0, 0, e);
}

bool cpio_node(struct cpio *c, const char *name, unsigned mode, unsigned major,
	       unsigned minor, struct err *e)
{
	return header(c, name, S_IFCHR | mode, 1, major, minor, e);
}

uint8_t *cpio_file_begin(struct cpio *c, const char *name, unsigned mode, size_t *room,
			 struct err *e)
{
	if (!header(c, name, S_IFREG | mode, 1, 0, 0, e))
		return NULL;
	*room = min_u64(c->cap - c->len, MAX_DATA);
	return c->at + c->len;
}

bool cpio_file_end(struct cpio *c, size_t len, struct err *e)
{
	const char *name = (const char *)c->at + c->header + HEADER_LEN;
	char text[9];

	if (!has_room(c, len + 3, name, e))
		return false;
	snprintf(text, sizeof(text), "%08X", (unsigned)len);
	memcpy(c->at + c->header + SIZE_AT, text, 8);
	c->len += len;
	pad(c);
	return true;
}

bool cpio_file(struct cpio *c, const char *name, unsigned mode, const void *data,
	       size_t len, struct err *e)
{
	size_t room;
	uint8_t *to = cpio_file_begin(c, name, mode, &room, e);

	if (!to)
		return false;
	if (len > room)
		return has_room(c, len, name, e) && fail(e, EFBIG, "%s: %zu bytes", name, len);
	if (len)
		memcpy(to, data, len);
	return cpio_file_end(c, len, e);
}

bool cpio_end(struct cpio *c, struct err *e)
{
	c->ino = 0;	/* is none of the files */
	return header(c, "TRAILER!!!", 0, 1, 0, 0, e);
}
