/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One pass, two sums. */
#include "readback.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/out.h"

bool readback(struct out *o, uint64_t len, uint64_t data_off, unsigned long crc, void *buf,
	      size_t buf_len, uint64_t *done, char hex[SHA256_HEX_LEN],
	      struct err *e)
{
	unsigned long seen = crc32(0, NULL, 0);
	struct sha256_ctx sha;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&sha);
	for (uint64_t off = 0; off < len; ) {
		/* Never across the start of the data, so that a part is all or none of it. */
		uint64_t end = off < data_off ? min_u64(data_off, len) : len;
		size_t n = min_u64(buf_len, end - off);

		if (!o->ops->read_at(o, off, buf, n, e))
			return within(e, "reading back");
		sha256_update(&sha, n, buf);
		if (off >= data_off)
			seen = crc32(seen, buf, n);
		off += n;
		__atomic_store_n(done, off, __ATOMIC_RELAXED);
	}
	if (seen != crc)
		return fail(e, EIO, "%s: read back, the page data differ from what was written",
			    o->name);
	sha256_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return true;
}
