/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump/spread: each part that it names adds to the sum what it says, however it was written. */
#include "dump/readback.h"
#include "dump/spread.h"
#include "t.h"

#define MAX_LEN (200u << 20)

static uint8_t bytes[4u << 20];

/* The file's byte at off is that of the table, over and over. */
static uint64_t sum_of(uint64_t off, uint64_t end)
{
	uint64_t sum = 0;

	for (uint64_t n; off < end; off += n) {
		n = sizeof(bytes) - off % sizeof(bytes);
		if (n > end - off)
			n = end - off;
		sum += word_sum(off, bytes + off % sizeof(bytes), n);
	}
	return sum;
}

static void write_file(struct spread *s, uint64_t from, uint64_t len)
{
	spread_begin(s, from);
	for (uint64_t at = from, n; at < from + len; at += n) {
		n = 8 * (1 + t_draw(t_draw(3) ? 140000 : 40));
		if (n > sizeof(bytes) - at % sizeof(bytes))
			n = sizeof(bytes) - at % sizeof(bytes);
		if (n > from + len - at)
			n = from + len - at;
		spread_add(s, bytes + at % sizeof(bytes), n);
	}
}

static void check(const char *row, uint64_t from, uint64_t len)
{
	struct spread_part part = { 0 };
	uint64_t before = from, read = 0;
	struct spread s;
	unsigned i = 0;

	write_file(&s, from, len);
	T_EQUAL(row, from + len, s.end);
	T_EQUAL("of all", sum_of(from, from + len), s.sum);
	for (; spread_part(&s, i, &part); i++) {
		T_CHECK("inside", part.off >= from && part.off < part.end &&
				  part.end <= from + len);
		T_EQUAL(row, sum_of(part.off, part.end), part.sum);
		if (i < s.n)
			T_CHECK("one behind the other", part.off >= before);
		before = part.end;
		read += part.end - part.off;
	}
	T_EQUAL("the end is read", len ? from + len : 0, part.end);
	T_CHECK("bounded", read <= (SPREAD_MAX + 2) * (uint64_t)SPREAD_PIECE);
	T_CHECK("and enough of it",
		read >= len || read >= SPREAD_MAX / 2 * (uint64_t)SPREAD_PIECE);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i * 2654435761u >> 13;
	check("nothing", 4096, 0);
	check("a word", 4096, 8);
	check("less than a piece", 24, 1000);
	check("a piece to its end", 0, SPREAD_PIECE);
	check("behind an odd beginning", SPREAD_PIECE - 8, SPREAD_PIECE);
	for (unsigned i = 0; i < 40; i++)
		check("of any length", 8 * t_draw(100000), 8 * t_draw(MAX_LEN / 8));
	check("all that is remembered", 0, SPREAD_MAX * (uint64_t)SPREAD_PIECE);
	check("and a word", 0, SPREAD_MAX * (uint64_t)SPREAD_PIECE + 8);
	return t_done();
}
