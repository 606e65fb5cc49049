/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table in the crashed kernel's memory, read mostly front to back: a small buffer in
 * front of space.c, so that entries of some bytes do not cost a page walk each.
 */
#ifndef VMCORE_STREAM_H
#define VMCORE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "physmem.h"

struct space;

#define STREAM_LEN 2048u

struct stream {
	struct space *space;
	vaddr_t start;
	uint64_t len;		/* of the table: nothing behind it is read */
	uint64_t buf_off;	/* what the buffer holds: [buf_off, buf_off + buf_len) */
	uint64_t buf_len;
	uint8_t buf[STREAM_LEN];
};

void stream_open(struct stream *s, struct space *space, vaddr_t start, uint64_t len);

/* stream_at's way to what is not in the buffer. */
const uint8_t *stream_fill(struct stream *s, uint64_t off, size_t len);

/*
 * len (at most STREAM_LEN) bytes at off, good until the next call; NULL when they are
 * not all inside the table, or not to be read.
 */
static inline const uint8_t *stream_at(struct stream *s, uint64_t off, size_t len)
{
	/* Nearly always: some bytes further on in the buffer. */
	if (off >= s->buf_off && off - s->buf_off <= s->buf_len &&
	    len <= s->buf_len - (off - s->buf_off))
		return s->buf + (off - s->buf_off);
	return stream_fill(s, off, len);
}

#endif
