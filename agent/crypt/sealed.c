/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sealing chunk after chunk. */
#include "sealed.h"

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/out.h"

static uint64_t place_of(const struct sealed *s, uint64_t nr)
{
	return s->header_len + nr * AGE_SEALED_CHUNK;
}

bool sealed_begin(struct sealed *s, struct out *below, const struct age_recipients *to,
		  struct err *e)
{
	uint8_t header[AGE_HEADER_MAX], *chunk = s->chunk, *seen = s->seen;
	size_t len;

	*s = (struct sealed){ .below = below, .chunk = chunk, .seen = seen };
	if (!age_begin(to, &s->payload, header, &len, e))
		return false;
	s->header_len = len;
	return below->ops->write_at(below, 0, header, len, e);
}

/* This is the only place that seals: a number is used up even where its write fails. */
static bool put_chunk(struct sealed *s, bool is_last, struct err *e)
{
	uint64_t nr = s->n_sealed++;
	size_t len = s->fill;

	age_seal(&s->payload, nr, is_last, s->chunk, len);
	s->fill = 0;
	s->failed = !s->below->ops->write_at(s->below, place_of(s, nr), s->chunk,
					     len + AGE_TAG, e);
	s->is_over = is_last;
	return !s->failed;
}

static bool no_more(const struct sealed *s, struct err *e)
{
	return fail(e, EIO, "%s: nothing may follow what was sealed", s->below->name);
}

bool sealed_append(struct sealed *s, const void *buf, size_t len, struct err *e)
{
	const uint8_t *from = buf;

	if (s->is_over || s->failed)
		return no_more(s, e);
	while (len) {
		size_t n = min_u64(len, AGE_CHUNK - s->fill);

		if (!n && !put_chunk(s, false, e))
			return false;
		memcpy(s->chunk + s->fill, from, n);
		s->fill += n;
		s->len += n;
		from += n;
		len -= n;
	}
	return true;
}

bool sealed_end(struct sealed *s, struct err *e)
{
	if (s->failed)
		return no_more(s, e);
	return s->is_over || put_chunk(s, true, e);
}

/*
 * By its tag. To open it, too, would prove nothing more of what lies there: the same key and
 * number make the same bytes of it. That this CPU seals what will open is age_works()'s.
 */
static bool check_chunk(struct sealed *s, uint64_t nr, struct err *e)
{
	bool is_last = s->is_over && nr + 1 == s->n_sealed;
	size_t len = is_last ? s->len - nr * AGE_CHUNK : AGE_CHUNK;

	return s->below->ops->reread(s->below, place_of(s, nr), s->seen, len + AGE_TAG, e) &&
	       (age_is_sealed(&s->payload, nr, is_last, s->seen, len + AGE_TAG) ||
		fail(e, EIO, "%s: read back, it is not what was sealed", s->below->name));
}

bool sealed_check(struct sealed *s, uint64_t off, size_t len, struct err *e)
{
	uint64_t end = (off + len + AGE_CHUNK - 1) / AGE_CHUNK;

	if (off > s->len || len > s->len - off)
		return fail(e, EIO, "%s: ends before %llu", s->below->name,
			    (unsigned long long)off + len);
	for (uint64_t nr = off / AGE_CHUNK; nr < min_u64(end, s->n_sealed); nr++) {
		if (s->seen_nr == nr + 1)
			continue;
		s->seen_nr = 0;
		if (!check_chunk(s, nr, e))
			return within(e, "reading back");
		s->seen_nr = nr + 1;
	}
	return true;
}

void sealed_forget(struct sealed *s)
{
	age_wipe(&s->payload, sizeof(s->payload));
	s->is_over = true;
}
