/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log from before it. */
#include "report_parts.h"

#include "report.h"
#include "report_words.h"
#include "text_page.h"

static void put_text(struct report *r, struct text_page *p)
{
	const struct log_line *line;

	if (!timeline_line(&r->timeline, 0))
		return;
	page_section(p, "BEFORE IT  (lines of the log that matter, oldest first)");
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++) {
		if (line->seconds >= 0)
			page_line(p, "[%12.6f] %s", line->seconds, line->message);
		else
			page_line(p, "%s", line->message);
	}
}

static void put_json(struct report *r, struct json *j)
{
	const struct log_line *line;

	json_open(j, "timeline", '[');
	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++) {
		json_open(j, NULL, '{');
		json_real_or_null(j, "time", line->seconds);
		json_string(j, "line", line->message);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_timeline = { "timeline", NULL, put_text, put_json };
