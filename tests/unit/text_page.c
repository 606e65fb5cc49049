/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/text_page: keys and values of any length end, and no line is too long. */
#include "t.h"
#include "triage/text_page.h"

#define TEXT_LEN 8192

static void fill(char *text, char with, size_t len)
{
	memset(text, with, len);
	text[len] = '\0';
}

static size_t longest_line(const char *text)
{
	size_t longest = 0, len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		longest = len > longest ? len : longest;
	}
	return longest;
}

/* A key may be a name out of the crashed kernel's memory. */
static void test_keys(void)
{
	static char text[TEXT_LEN], key[128], value[600];
	struct text_page p;

	fill(value, 'v', 500);
	for (size_t len = 1; len <= PAGE_COLUMNS - 2; len++) {
		fill(key, 'k', len);
		page_init(&p, text, sizeof(text));
		page_row(&p, key, "%s", value);
		page_end(&p);
		T_CHECK("a key of any length", longest_line(text) <= PAGE_COLUMNS);
		T_CHECK("its value is there", strstr(text, "vvvvvvvvvv"));
	}
}

static void test_room(void)
{
	static char text[256], value[600];
	struct text_page p;

	fill(value, 'v', 500);
	page_init(&p, text, sizeof(text));
	for (int i = 0; i < 20; i++)
		page_row(&p, "key", "%s", value);
	T_CHECK("within its room", page_end(&p) < sizeof(text));
	T_CHECK("that it was cut is said", strstr(text, "longer than its room"));
}

int main(void)
{
	test_keys();
	test_room();
	return t_done();
}
