/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux include/linux/ring_buffer.h and kernel/trace/ring_buffer.c: each event begins with a
 * word, five bits of kind or length in words, 27 bits of time since the one before it.
 */
#include "trace_page.h"

#include "base/bytes.h"

#define WORD 4u
#define KIND_BITS 5
#define KIND_MASK 0x1fu
#define TIME_BITS 27
#define STAMP_BITS 59
#define STAMP_MASK ((1ULL << STAMP_BITS) - 1)

/* Below them: data, its length in words, or 0 if that stands in the word behind. */
enum { KIND_PADDING = 29, KIND_TIME_EXTEND = 30, KIND_TIME_STAMP = 31 };

void trace_page_init(struct trace_cursor *c, const uint8_t *data, size_t len, uint64_t time)
{
	*c = (struct trace_cursor){ .data = data, .len = len, .begun = time, .time = time };
}

/* A stamp has no room for the uppermost bits: they are the page's, or one more. */
static uint64_t whole_stamp(uint64_t stamp, uint64_t begun)
{
	stamp = (stamp & STAMP_MASK) | (begun & ~STAMP_MASK);
	return stamp < begun && (begun & ~STAMP_MASK) ? stamp + (1ULL << STAMP_BITS) : stamp;
}

/* What stands in front of its data, and how long that is; 0: nothing follows. */
static size_t measure(const struct trace_cursor *c, uint32_t kind, size_t *head)
{
	size_t left = c->len - c->at;
	uint32_t second = left >= 2 * WORD ? get_u32(c->data + c->at + WORD) : 0;

	*head = WORD;
	if (kind && kind < KIND_PADDING)
		return WORD + WORD * kind;
	*head = 2 * WORD;
	if (left < 2 * WORD || second > left)
		return 0;
	if (kind == KIND_TIME_EXTEND || kind == KIND_TIME_STAMP)
		return 2 * WORD;
	/* The length counts its own word, and may end within one. */
	return second < WORD ? 0 : WORD + (second + WORD - 1) / WORD * WORD;
}

static void pass_time(struct trace_cursor *c, uint32_t kind, uint64_t delta)
{
	uint64_t high = 0;

	if (kind == KIND_TIME_EXTEND || kind == KIND_TIME_STAMP)
		high = (uint64_t)get_u32(c->data + c->at + WORD) << TIME_BITS;
	if (kind == KIND_TIME_STAMP)
		c->time = whole_stamp(high + delta, c->begun);
	else
		c->time += high + delta;
}

bool trace_page_next(struct trace_cursor *c, struct trace_raw *ret)
{
	while (c->len - c->at >= WORD) {
		uint32_t word = get_u32(c->data + c->at), kind = word & KIND_MASK;
		uint32_t delta = word >> KIND_BITS;
		size_t head, len = measure(c, kind, &head), at = c->at;

		/* Padding of no time: the rest of the page is empty. */
		if (!len || len > c->len - at || (kind == KIND_PADDING && !delta))
			break;
		pass_time(c, kind, delta);
		c->at = at + len;
		if (kind >= KIND_PADDING)
			continue;
		*ret = (struct trace_raw){ c->time, c->data + at + head, len - head };
		return true;
	}
	c->at = c->len;
	return false;
}
