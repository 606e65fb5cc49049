/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacking snappy's block format, piece by piece. */
#include "snappy.h"

#include <stdint.h>

#include "base/bytes.h"

struct block {
	struct cursor in;
	uint8_t *to;
	size_t n, room;		/* unpacked so far, and at most */
};

/* A number of n bytes, n at most 4. */
static bool take_number(struct cursor *c, unsigned n, uint32_t *out)
{
	const uint8_t *at;

	if (!cursor_take(c, n, &at))
		return false;
	*out = 0;
	for (unsigned i = 0; i < n; i++)
		*out |= (uint32_t)at[i] << 8 * i;
	return true;
}

/* Seven bits a byte, the lowest first; 32 bits take five bytes. */
static bool take_length(struct cursor *c, uint64_t *out)
{
	uint32_t byte = 0x80;

	*out = 0;
	for (unsigned shift = 0; byte & 0x80; shift += 7) {
		if (shift > 28 || !take_number(c, 1, &byte))
			return false;
		*out |= (uint64_t)(byte & 0x7f) << shift;
	}
	return true;
}

/* Of the tag the length less one; from 60 on it is in as many bytes as it is above 59. */
static bool plain_bytes(struct block *b, uint32_t tag)
{
	uint32_t len = tag >> 2;
	const uint8_t *at;

	if (len >= 60 && !take_number(&b->in, len - 59, &len))
		return false;
	if (len >= b->room - b->n || !cursor_take(&b->in, (size_t)len + 1, &at))
		return false;
	memcpy(b->to + b->n, at, (size_t)len + 1);
	b->n += (size_t)len + 1;
	return true;
}

/* A copy may overlap what it makes: bytes then repeat. */
static bool copy(struct block *b, uint32_t tag)
{
	uint32_t len = (tag >> 2) + 1, back;

	if (!take_number(&b->in, (tag & 3) == 3 ? 4 : tag & 3, &back))
		return false;
	if ((tag & 3) == 1) {
		len = (tag >> 2 & 7) + 4;
		back |= tag >> 5 << 8;
	}
	if (!back || back > b->n || len > b->room - b->n)
		return false;
	for (; len; len--, b->n++)
		b->to[b->n] = b->to[b->n - back];
	return true;
}

bool snappy_unpack(const void *from, size_t len, void *to, size_t room)
{
	struct block b = { { from, (const uint8_t *)from + len }, to, 0, room };
	uint64_t wanted;
	uint32_t tag;

	if (!take_length(&b.in, &wanted) || wanted != room)
		return false;
	while (b.n < room)
		if (!take_number(&b.in, 1, &tag) ||
		    !(tag & 3 ? copy(&b, tag) : plain_bytes(&b, tag)))
			return false;
	return !cursor_left(&b.in);
}
