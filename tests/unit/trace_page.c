/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/trace_page on pages made up here: which events come of them, with which times. */
#include "triage/trace_page.h"

#include "t.h"

enum { PADDING = 29, EXTEND = 30, STAMP = 31, MAX_WORDS = 12 };

#define WORD(kind, delta) ((uint32_t)(delta) << 5 | (kind))
#define BEGUN 1000u

static const struct {
	const char *row;
	uint32_t words[MAX_WORDS];
	unsigned len;			/* bytes that were committed */
	uint64_t begun;
	unsigned n;			/* events */
	uint64_t last_time;		/* of the last one */
	unsigned last_len;
} pages[] = {
	{ "nothing", { 0 }, 0, BEGUN, 0, 0, 0 },
	{ "one of two words", { WORD(2, 5), 1, 2 }, 12, BEGUN, 1, 1005, 8 },
	{ "times add up", { WORD(1, 5), 1, WORD(1, 6), 2 }, 16, BEGUN, 2, 1011, 4 },
	{ "the length in a word", { WORD(0, 5), 12, 1, 2 }, 16, BEGUN, 1, 1005, 8 },
	{ "that ends within a word", { WORD(0, 5), 11, 1, 2, WORD(1, 1), 9 }, 24, BEGUN, 2,
	  1006, 4 },
	{ "the rest is empty", { WORD(1, 5), 1, WORD(PADDING, 0), WORD(1, 1), 2 }, 20, BEGUN, 1,
	  1005, 4 },
	{ "one that was thrown away", { WORD(PADDING, 7), 8, 1, WORD(1, 5), 1 }, 20, BEGUN, 1,
	  1012, 4 },
	{ "a long pause", { WORD(EXTEND, 3), 2, WORD(1, 5), 1 }, 16, BEGUN, 1,
	  BEGUN + (2ULL << 27) + 3 + 5, 4 },
	{ "a time of its own", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16, BEGUN, 1,
	  (2ULL << 27) + 3 + 5, 4 },
	{ "whose upper bits are the page's", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16,
	  1ULL << 59, 1, (1ULL << 59) + (2ULL << 27) + 8, 4 },
	{ "and overflow", { WORD(STAMP, 3), 2, WORD(1, 5), 1 }, 16, (1ULL << 60) - 1, 1,
	  (1ULL << 60) + (2ULL << 27) + 8, 4 },
	{ "longer than the page", { WORD(1, 5), 1, WORD(9, 1), 2 }, 16, BEGUN, 1, 1005, 4 },
	{ "a length out of the world", { WORD(0, 5), 0xffffffff, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a length that overflows", { WORD(0, 5), 0xfffffffd, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a length less than its word", { WORD(0, 5), 0, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "what was thrown away is too long", { WORD(PADDING, 5), 64, 1 }, 12, BEGUN, 0, 0, 0 },
	{ "a pause that is cut off", { WORD(EXTEND, 5) }, 4, BEGUN, 0, 0, 0 },
	{ "half a word", { WORD(1, 5), 1, 7 }, 10, BEGUN, 1, 1005, 4 },
};

static void test_pages(void)
{
	for (size_t i = 0; i < T_SIZE(pages); i++) {
		uint8_t *bytes = t_guard(pages[i].words, pages[i].len);
		struct trace_raw raw = { .time = 0 };
		struct trace_cursor c;
		unsigned n = 0;

		trace_page_init(&c, bytes, pages[i].len, pages[i].begun);
		while (n < 100 && trace_page_next(&c, &raw))
			n++;
		T_EQUAL(pages[i].row, pages[i].n, n);
		T_EQUAL(pages[i].row, pages[i].last_time, raw.time);
		T_EQUAL(pages[i].row, pages[i].last_len, raw.len);
		T_CHECK(pages[i].row, !trace_page_next(&c, &raw));
		t_unguard(bytes, pages[i].len);
	}
}

/* Whatever is on it: events lie within it, and it ends. */
static void test_noise(void)
{
	uint32_t words[256];
	uint64_t n = 0;

	for (unsigned round = 0; round < 20000; round++) {
		unsigned len = (unsigned)t_draw(sizeof(words) + 1);
		struct trace_cursor c;
		struct trace_raw raw;

		for (size_t i = 0; i < T_SIZE(words); i++)
			words[i] = t_draw(3) ? WORD(t_draw(32), t_draw(3)) :
				   (uint32_t)t_draw(64);
		trace_page_init(&c, (const uint8_t *)words, len, BEGUN);
		while (trace_page_next(&c, &raw)) {
			n++;
			if (raw.data < c.data || raw.data + raw.len > c.data + len)
				T_CHECK("an event that is not on its page", false);
		}
	}
	T_CHECK("some were events", n > 1000);
}

int main(void)
{
	test_pages();
	test_noise();
	return t_done();
}
