/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass, two sums. */
#include "readback.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/out.h"

/* Spreads a word and its place over 64 bits (the finishing step of splitmix64). */
static uint64_t mix(uint64_t place, uint64_t word)
{
	uint64_t x = word + place * 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

uint64_t word_sum(uint64_t off, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t sum = 0, place = off / 8, word;

	for (; len >= 8; len -= 8, at += 8, place++) {
		word = get_u64(at);
		if (word)
			sum += mix(place, word);
	}
	if (len) {
		word = 0;
		memcpy(&word, at, len);
		if (word)
			sum += mix(place, word);
	}
	return sum;
}

bool readback(struct out *o, const struct readback *want, void *buf, size_t buf_len,
	      uint64_t *done, char hex[SHA256_HEX_LEN], struct err *e)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	uint64_t sum = 0;

	sha256_init(&sha);
	for (uint64_t off = 0; off < want->len; ) {
		size_t n = min_u64(buf_len / 8 * 8, want->len - off);

		if (want->give_up && monotonic_seconds() >= want->give_up)
			return fail(e, ETIMEDOUT, "the deadline came before it was read back");
		if (!o->ops->read_at(o, off, buf, n, e))
			return within(e, "reading back");
		if (want->word_off >= off && want->word_off + 8 <= off + n)
			put_u64((uint8_t *)buf + (want->word_off - off), want->word);
		sha256_update(&sha, n, buf);
		sum += word_sum(off, buf, n);
		off += n;
		__atomic_store_n(done, off, __ATOMIC_RELAXED);
	}
	if (sum != want->sum)
		return fail(e, EIO, "%s: read back, it is not what was written", o->name);
	sha256_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return true;
}
