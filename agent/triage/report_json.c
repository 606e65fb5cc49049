/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses are strings, what is not known is null, lists are never absent. */
#include "report_json.h"

#include "base/io.h"
#include "base/numbers.h"
#include "base/version.h"
#include "report.h"
#include "report_parts.h"
#include "report_words.h"

#define SCHEMA 1

static void put_time(const struct report_system *s, struct json *j)
{
	char text[40];

	format_utc(s->crash_time, text, sizeof(text));
	json_text_or_null(j, "crash_time", text);
	json_real_or_null(j, "uptime_seconds", s->uptime_s);
}

void report_json(struct report *r, struct json *j)
{
	json_open(j, NULL, '{');
	json_number(j, "schema", SCHEMA);
	json_string(j, "agent", CRASHBOX_VERSION);
	json_real(j, "made_ms", r->seconds * 1000);
	json_number(j, "memory_kib", memory_peak_len() >> 10);
	json_string(j, "level", report_level_name(r->level));
	json_string(j, "host", r->system.node);
	put_time(&r->system, j);
	for (const struct report_part *const *part = parts_in_json; *part; part++)
		(*part)->json(r, j);
	json_close(j);
}
