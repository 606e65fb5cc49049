/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/report_details: users in JSON, of which each number is one. */
#include "triage/report_details.h"

#include "base/jsonwrite.h"
#include "t.h"

static void test_args(void)
{
	static char longest[DETAIL_ARGS + 8];
	static const struct {
		const char *row, *words;
		size_t len;
		bool is_cut;
		const char *wanted;
	} rows[] = {
		{ "two words", "ls\0-l", 6, false, "ls -l" },
		{ "one that is empty", "a\0\0b", 5, false, "a  b" },
		{ "what a terminal would obey", "a\033[2J\n", 7, false, "a?[2J?" },
		{ "nothing but NULs", "\0\0\0", 3, false, "" },
		{ "cut, and nothing there", "", 0, true, "" },
		{ "cut", "cat /et", 7, true, "cat /et..." },
		{ "none", "", 0, false, "" },
	};
	char text[DETAIL_ARGS];

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		details_args(text, rows[i].words, rows[i].len, rows[i].is_cut);
		T_TEXT(rows[i].row, rows[i].wanted, text);
	}
	memset(longest, 'x', sizeof(longest));
	for (size_t len = DETAIL_ARGS - 8; len <= sizeof(longest); len++) {
		details_args(text, longest, len, false);
		T_EQUAL("as long as it may be", len < DETAIL_ARGS - 3 ? len : DETAIL_ARGS - 1,
			strlen(text));
		T_EQUAL("and more", len >= DETAIL_ARGS - 3, !!strstr(text, "x..."));
	}
}

int main(void)
{
	static const struct {
		const char *row;
		bool is_known;
		uint32_t uid;
		const char *wanted;
	} rows[] = {
		{ "root", true, 0, "\"uid\": 0," },
		{ "of a user namespace", true, 0x80000001, "\"uid\": 2147483649," },
		{ "the last", true, UINT32_MAX, "\"uid\": 4294967295," },
		{ "not known", false, 7, "\"uid\": null," },
	};
	static char text[4096];

	test_args();

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct proc_details d = { .has_uid = rows[i].is_known,
						.uid = rows[i].uid };
		struct json j;
		struct err e;

		json_init(&j, text, sizeof(text));
		json_open(&j, NULL, '{');
		json_details(&j, &d);
		json_close(&j);
		T_CHECK(rows[i].row, json_end(&j, &e));
		T_CHECK(rows[i].row, strstr(text, rows[i].wanted));
	}
	return t_done();
}
