/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/report_details: users in JSON, of which each number is one. */
#include "triage/report_details.h"

#include "base/jsonwrite.h"
#include "t.h"

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
