/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/: cursor, bitmap, arena, errors. Small things that everything stands on. */
#include <errno.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/err.h"
#include "t.h"

static void test_cursor(void)
{
	static const struct {
		const char *row;
		size_t len, take;
		bool ok;
		size_t left;
	} rows[] = {
		{ "nothing of nothing", 0, 0, true, 0 },
		{ "one of nothing", 0, 1, false, 0 },
		{ "all", 8, 8, true, 0 },
		{ "one too many", 8, 9, false, 8 },
		{ "a length that wraps", 8, SIZE_MAX, false, 8 },
		{ "some", 8, 3, true, 5 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint8_t *buf = t_guard("abcdefgh", rows[i].len);
		struct cursor c = { buf, buf + rows[i].len };
		const uint8_t *out = NULL;

		T_EQUAL(rows[i].row, rows[i].ok, cursor_take(&c, rows[i].take, &out));
		T_EQUAL(rows[i].row, rows[i].left, cursor_left(&c));
		T_CHECK(rows[i].row, out == (rows[i].ok ? buf : NULL));
		t_unguard(buf, rows[i].len);
	}
}

static void test_bitmap(void)
{
	static const struct {
		const char *row;
		size_t from, to;
	} rows[] = {
		{ "no bits", 5, 5 },		{ "no bits at a word", 64, 64 },
		{ "one bit", 63, 64 },		{ "one word", 64, 128 },
		{ "two words", 0, 128 },	{ "across a word", 60, 70 },
		{ "head, word, tail", 3, 190 },	{ "the last bit", 255, 256 },
		{ "all", 0, 256 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint64_t map[4] = { 0 };
		size_t first = rows[i].from < rows[i].to ? rows[i].from : 256;

		bitmap_set_range(map, rows[i].from, rows[i].to);
		T_EQUAL(rows[i].row, rows[i].to - rows[i].from, bitmap_count(map, 4));
		T_EQUAL(rows[i].row, first, bitmap_next(map, 256, 0));
		for (size_t bit = 0; bit < 256; bit++)
			if (bitmap_test(map, bit) != (bit >= rows[i].from && bit < rows[i].to))
				T_EQUAL(rows[i].row, -1, bit);
	}

	uint64_t map[2] = { 0 };

	bitmap_set(map, 100);
	T_EQUAL("a bit past the end does not count", 100, bitmap_next(map, 100, 0));
	T_EQUAL("from the bit itself", 100, bitmap_next(map, 128, 100));
	T_EQUAL("from behind it", 128, bitmap_next(map, 128, 101));
	bitmap_clear(map, 100);
	T_EQUAL("cleared", 0, bitmap_count(map, 2));
}

static void test_err(void)
{
	char longer[1000];
	struct err e;

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	T_CHECK("fail is false", !fail(&e, ENOSPC, "%s has %d bytes", "disk", 7));
	T_TEXT("fail", "disk has 7 bytes", e.text);
	T_CHECK("within is false", !within(&e, "writing %s", "vmcore"));
	T_TEXT("within", "writing vmcore: disk has 7 bytes", e.text);
	T_EQUAL("the code stays", ENOSPC, e.code);
	(void)fail(&e, EIO, "%s", longer);
	T_CHECK("a long text is cut", strlen(e.text) == sizeof(e.text) - 1);
	(void)within(&e, "%s", longer);
	(void)within(&e, "outer");
	T_CHECK("a long context is cut", strlen(e.text) < sizeof(e.text));
	T_CHECK("the outermost context survives", strncmp(e.text, "outer: ", 7) == 0);
}

static void test_arena(void)
{
	struct arena a;
	struct err e;
	char *one, *two;
	size_t mark;

	T_CHECK("arena_init", arena_init(&a, 1 << 20, &e));
	one = arena_take(&a, 3, 7, "one", &e);
	two = arena_take(&a, 1, 100, "two", &e);
	T_CHECK("aligned", (uintptr_t)one % 64 == 0 && (uintptr_t)two % 64 == 0);
	T_CHECK("apart", two >= one + 21);
	memset(one, 1, 21);
	T_EQUAL("zeroed", 0, two[0] | two[99]);
	T_CHECK("more than there is",
		!arena_take(&a, 1, 2 << 20, "a table", &e) && e.code == ENOMEM);
	T_CHECK("the error names what", strstr(e.text, "a table") != NULL);
	T_CHECK("a product that wraps",
		!arena_take(&a, SIZE_MAX / 2, 4, "a table", &e) && e.code == ENOMEM);
	T_CHECK("a size close to the largest", !arena_take(&a, 1, SIZE_MAX - 8, "x", &e));
	mark = arena_mark(&a);
	two = arena_take(&a, 1, 64, "three", &e);
	memset(two, 0xff, 64);
	arena_release(&a, mark);
	T_CHECK("released is taken again", arena_take(&a, 1, 64, "four", &e) == two);
	T_EQUAL("zeroed again", 0, two[5]);
	arena_deinit(&a);
}

int main(void)
{
	test_cursor();
	test_bitmap();
	test_err();
	test_arena();
	return t_done();
}
