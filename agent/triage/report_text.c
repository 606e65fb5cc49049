/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All sections or one, and the line. */
#include "report_text.h"

#include <stdio.h>
#include <string.h>

#include "report.h"
#include "report_parts.h"
#include "text_page.h"

size_t report_text(struct report *r, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	for (const struct report_part *const *part = parts_in_text; *part; part++)
		(*part)->text(r, &p);
	return page_end(&p);
}

size_t report_part_text(struct report *r, const struct report_part *part, char *text,
			size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	part->text(r, &p);
	return page_end(&p);
}

/* ---- one line ---------------------------------------------------------------------------- */

void report_line(struct report *r, char line[REPORT_LINE])
{
	char title[sizeof(r->signature.title)], *c;

	snprintf(title, sizeof(title), "%s", r->signature.title);
	for (c = title; *c; c++)
		if (*c == '"')
			*c = '\'';
	snprintf(line, REPORT_LINE, "host=%.64s kernel=%.64s what=\"%.160s\" sig=%s coarse=%s",
		 r->system.node, r->system.release, title, r->signature.id,
		 r->signature.coarse);
	if (r->crash_cpu >= 0)
		snprintf(line + strlen(line), REPORT_LINE - strlen(line), " cpu=%u",
			 r->cpus[r->crash_cpu].nr);
	if (r->subject.at)
		snprintf(line + strlen(line), REPORT_LINE - strlen(line), " pid=%u comm=\"%s\"",
			 r->subject.pid, r->subject.comm);
}
