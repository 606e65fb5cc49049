/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of the hardware, as the kernel counted and logged them; mostly there are none. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/jsonwrite.h"
#include "base/numbers.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static void read_hardware(struct triage *m)
{
	m->r->n_hwerr = hwerr_read(m->space, &m->facts.hwerr, m->r->hwerr);
}

/* ", at 12.3 s", ", from 12.3 s to 90.0 s" */
static void span_text(const struct hw_error *e, char text[64])
{
	text[0] = '\0';
	if (e->last >= 0 && e->first < e->last)
		snprintf(text, 64, ", from %.1f s to %.1f s", e->first, e->last);
	else if (e->last >= 0)
		snprintf(text, 64, ", at %.1f s", e->last);
}

static void put_text(struct report *r, struct text_page *p)
{
	char last[40], when[64];

	if (!r->n_hwerr && !r->hw_log.n)
		return;
	page_section(p, "HARDWARE  (errors that the kernel counted, and those in its log)");
	for (unsigned i = 0; i < r->n_hwerr; i++) {
		format_utc(r->hwerr[i].last, last, sizeof(last));
		page_row(p, hwerr_name(r->hwerr[i].kind), "%" PRIu64 "%s%s", r->hwerr[i].n,
			 last[0] ? ", the last at " : "", last);
	}
	for (unsigned i = 0; i < r->hw_log.n; i++) {
		const struct hw_error *e = &r->hw_log.list[i];

		span_text(e, when);
		page_row(p, e->kind, "%s: %u in the log%s", e->who, e->n, when);
	}
	if (r->hw_log.n_more)
		page_row(p, "", "and %u lines of others", r->hw_log.n_more);
}

static void put_json(struct report *r, struct json *j)
{
	char last[40];

	json_open(j, "hardware", '[');
	for (unsigned i = 0; i < r->n_hwerr; i++) {
		format_utc(r->hwerr[i].last, last, sizeof(last));
		json_open(j, NULL, '{');
		json_string(j, "kind", hwerr_name(r->hwerr[i].kind));
		json_number(j, "errors", r->hwerr[i].n);
		json_text_or_null(j, "last", last);
		json_close(j);
	}
	json_close(j);
	json_open(j, "hardware_log", '[');
	for (unsigned i = 0; i < r->hw_log.n; i++) {
		const struct hw_error *e = &r->hw_log.list[i];

		json_open(j, NULL, '{');
		json_string(j, "kind", e->kind);
		json_string(j, "who", e->who);
		json_number(j, "errors", e->n);
		json_real_or_null(j, "first", e->first);
		json_real_or_null(j, "last", e->last);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_hardware = { "hardware", read_hardware, put_text, put_json };
