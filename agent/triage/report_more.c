/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the report was made, and what it lacks. */
#include "report_parts.h"

#include "report.h"
#include "report_words.h"
#include "text_page.h"

static void put_text(struct report *r, struct text_page *p)
{
	static const char *const levels[] = { "the log alone", "the log and symbols",
					      "symbols and types" };

	page_section(p, "MORE");
	page_row(p, "made", "in %.0f ms, by %s", r->seconds * 1000, levels[r->level]);
	for (unsigned i = 0; i < r->n_missing; i++)
		page_row(p, i ? "" : "missing", "%s: %s", r->missing[i].section,
			 r->missing[i].why);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "missing", '[');
	for (unsigned i = 0; i < r->n_missing; i++) {
		json_open(j, NULL, '{');
		json_string(j, "section", r->missing[i].section);
		json_string(j, "why", r->missing[i].why);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_more = { "more", NULL, put_text, put_json };
