/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/known: which lines a list may have, and what it says of a fault. */
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/known.h"
#include "t.h"

#define ID "c1-0123456789abcdef"
#define COARSE "c1-fedcba9876543210"
#define TEN "0123456789"
#define LONG_160 TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static struct known_list list_of(const char *text)
{
	return (struct known_list){ text, strlen(text) };
}

static void test_check(void)
{
	static const struct { const char *row, *text, *says; } rows[] = {
		{ "nothing", "", NULL },
		{ "empty lines", "\n\n \t\n\r\n", NULL },
		{ "a comment", "# of the fleet\n  # and more", NULL },
		{ "a line", ID " a text\n", NULL },
		{ "without its end", ID " a text", NULL },
		{ "of another system", ID "\ta text\r\n", NULL },
		{ "a later version", "c12-0123456789abcdef x", NULL },
		{ "the longest text", ID " " LONG_160, NULL },
		{ "a text too long", ID " " LONG_160 "x", "list line 1: a text of 161 bytes" },
		{ "no text", "\n" ID " \n", "list line 2: no text" },
		{ "no signature", "# x\n\nnull-deref a\n", "list line 3: 'null-deref' is no" },
		{ "a digit too few", "c1-0123456789abcde x", "is no signature" },
		{ "a digit too many", "c1-0123456789abcdef0 x", "is no signature" },
		{ "in capitals", "c1-0123456789ABCDEF x", "is no signature" },
		{ "without a version", "c-0123456789abcdef x", "is no signature" },
		{ "of another tool", "d1-0123456789abcdef x", "is no signature" },
		{ "a good one before a bad one", ID " x\n" ID, "list line 2: no text" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct known_list list = list_of(rows[i].text);
		struct err e = { .text = "" };
		bool ok = known_check(&list, "list", &e);

		T_EQUAL(rows[i].row, !rows[i].says, ok);
		if (rows[i].says && !T_CHECK(rows[i].row, strstr(e.text, rows[i].says)))
			printf("%s\n", e.text);
	}
}

static void test_find(void)
{
	static const struct { const char *row, *text, *found; } rows[] = {
		{ "nothing", "", "" },
		{ "of another fault", "c1-0000000000000000 x", "" },
		{ "by its id", "# c\n" ID "  the bug of  June \n", "the bug of  June" },
		{ "by its coarse id", COARSE "\tone of these", "one of these" },
		{ "the id before the coarse one", COARSE " a\n" ID " b\n", "b" },
		{ "the first of two", ID " a\n" ID " b\n", "a" },
		{ "the first coarse one of two", COARSE " a\n" COARSE " b\n", "a" },
		{ "a comment is none", "#" ID " a\n# " ID " a", "" },
		{ "what begins alike is none", ID "0 a", "" },
		{ "nothing for a terminal to obey", ID " a\033[2Jb", "a?[2Jb" },
		{ "a text too long is cut", ID " " LONG_160 "x", LONG_160 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct known_list list = list_of(rows[i].text);
		char text[KNOWN_TEXT];

		T_EQUAL(rows[i].row, rows[i].found[0] != '\0',
			known_find(&list, ID, COARSE, text));
		T_TEXT(rows[i].row, rows[i].found, text);
	}
}

static void load(const char *row, const char *text, size_t len, const char *says)
{
	char path[] = "/tmp/known.XXXXXX";
	int fd = mkstemp(path);
	struct known_list list;
	struct arena arena;
	struct err e = { .text = "" };

	T_CHECK(row, fd >= 0 && write(fd, text, len) == (ssize_t)len);
	close(fd);
	T_CHECK(row, arena_init(&arena, 4 * KNOWN_FILE_MAX, &e));
	T_EQUAL(row, !says, known_load(&list, path, &arena, &e));
	if (says && !T_CHECK(row, strstr(e.text, says) && strstr(e.text, path)))
		printf("%s\n", e.text);
	arena_deinit(&arena);
	unlink(path);
}

static void test_load(void)
{
	static char long_one[KNOWN_FILE_MAX + 1];
	struct known_list list;
	struct err e;

	load("an empty file", "", 0, NULL);
	load("a list", ID " a\n\n", strlen(ID " a\n\n"), NULL);
	load("a NUL", ID " a\n\0x", sizeof(ID " a\n\0x") - 1, "has a NUL");
	load("a bad line", "x y\n", 4, " line 1: 'x' is no signature");
	memset(long_one, '\n', sizeof(long_one));
	load("the longest", long_one, KNOWN_FILE_MAX, NULL);
	load("a longer one", long_one, KNOWN_FILE_MAX + 1, "longer than");
	T_CHECK("a folder", !known_load(&list, "/tmp", NULL, &e) &&
			    strstr(e.text, "/tmp: not a file"));
	T_CHECK("none", !known_load(&list, "/tmp/none/such", NULL, &e));
}

int main(void)
{
	test_check();
	test_find();
	test_load();
	return t_done();
}
