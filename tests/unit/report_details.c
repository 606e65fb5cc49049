/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * triage/report_details: users in JSON, of which each number is one; arguments; what kernel
 * workers are at.
 */
#include "triage/report_details.h"

#include "base/jsonwrite.h"
#include "crashed.h"
#include "t.h"
#include "triage/triage.h"

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

static void test_work(void)
{
	enum { TASK = 0x1000, OTHER = 0x1080, KTHREAD = 0x1100, WORKER = 0x1200 };
	static const struct {
		const char *row;
		bool is_kernel;
		unsigned of, function;	/* whose worker it is, at which function; 0 none */
		const char *wanted;
	} rows[] = {
		{ "a worker", true, TASK, TEXT + 0x10, "first" },
		{ "a task of user mode", false, TASK, TEXT + 0x10, "" },
		{ "of another task", true, OTHER, TEXT + 0x10, "" },
		{ "no function's beginning", true, TASK, TEXT + 0x14, "" },
		{ "at nothing", true, TASK, 0, "" },
	};
	uint8_t input[INPUT_MAX] = { 0 };
	static struct triage m;
	static struct crashed c;
	static struct report r;
	char text[SYMBOL_TEXT];

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct proc p = { .at = AT_INPUT(TASK), .is_kernel = rows[i].is_kernel };

		put_u64(input + TASK, AT_INPUT(KTHREAD));
		put_u64(input + KTHREAD, AT_INPUT(WORKER));
		put_u64(input + WORKER, rows[i].function ? AT_INPUT(rows[i].function) : 0);
		put_u64(input + WORKER + 8, AT_INPUT(rows[i].of));
		crashed_open(&c, input, sizeof(input), true);
		symbols_open(&c.symbols, &c.arena);
		r.symbols = c.symbols;
		r.triage = &m;
		m.space = &c.flat.space;
		m.facts.worker = (struct worker_facts){ FIELD(0, 8), FIELD(0, 8), FIELD(0, 8),
							FIELD(8, 8) };
		report_work(&r, &p, text);
		T_TEXT(rows[i].row, rows[i].wanted, text);
		crashed_close(&c);
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
	test_work();

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
