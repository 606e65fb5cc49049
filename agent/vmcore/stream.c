/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a table front to back. One buffer; it is filled from the asked place on, as
 * most readers go forward.
 */
#include "stream.h"

#include "base/bytes.h"
#include "base/err.h"
#include "space.h"

void stream_open(struct stream *s, struct space *space, vaddr_t start, uint64_t len)
{
	s->space = space;
	s->start = start;
	s->len = len;
	s->buf_off = s->buf_len = 0;
}

const uint8_t *stream_fill(struct stream *s, uint64_t off, size_t len)
{
	struct err ignored;

	if (off > s->len || len > s->len - off || len > STREAM_LEN)
		return NULL;
	s->buf_off = off;
	s->buf_len = min_u64(STREAM_LEN, s->len - off);
	if (!space_read(s->space, s->start + off, s->buf, s->buf_len, &ignored)) {
		/* What lies behind the wanted bytes may be what cannot be read. */
		s->buf_len = len;
		if (!space_read(s->space, s->start + off, s->buf, len, &ignored)) {
			s->buf_len = 0;
			return NULL;
		}
	}
	return s->buf;
}
