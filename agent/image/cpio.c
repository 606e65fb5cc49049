/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing cpio archives. Headers of 110 characters, names, data, each padded to four
 * bytes.
 */
#include "cpio.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"

#define HEADER_LEN 110
#define PADDING 3	/* at most, behind the name and behind the data */
#define MAX_DATA 0xffffffffu

void cpio_init(struct cpio *c, void *mem, size_t cap)
{
	*c = (struct cpio){ .at = mem, .cap = cap };
}

static void pad(struct cpio *c)
{
	while (c->len % 4)
		c->at[c->len++] = 0;
}

bool cpio_add(struct cpio *c, const struct cpio_file *file, struct err *e)
{
	size_t name_len = strlen(file->name) + 1, data_len = file->data.len;
	char text[HEADER_LEN + 1];

	if (data_len > MAX_DATA)
		return fail(e, EFBIG, "%s: %zu bytes", file->name, data_len);
	if (HEADER_LEN + name_len + data_len + 2 * PADDING > c->cap - c->len)
		return fail(e, EFBIG, "%s: the archive would be larger than %zu MiB",
			    file->name, c->cap >> 20);
	snprintf(text, sizeof(text), "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
		 "%08X", ++c->ino, file->mode, 0, 0, S_ISDIR(file->mode) ? 2 : 1, 0,
		 (unsigned)data_len, 0, 0, file->major, file->minor, (unsigned)name_len, 0);
	memcpy(c->at + c->len, text, HEADER_LEN);
	memcpy(c->at + c->len + HEADER_LEN, file->name, name_len);
	c->len += HEADER_LEN + name_len;
	pad(c);
	if (data_len)
		memcpy(c->at + c->len, file->data.at, data_len);
	c->len += data_len;
	pad(c);
	return true;
}

bool cpio_end(struct cpio *c, struct err *e)
{
	const struct cpio_file trailer = { .name = "TRAILER!!!" };

	c->ino = 0;	/* is none of the files */
	return cpio_add(c, &trailer, e);
}
