/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel counted of the hardware; mostly there is nothing. */
#include "report_parts.h"

#include <inttypes.h>

#include "base/jsonwrite.h"
#include "base/numbers.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static void read_hardware(struct triage *m)
{
	m->r->n_hwerr = hwerr_read(m->space, &m->facts.hwerr, m->r->hwerr);
}

static void put_text(struct report *r, struct text_page *p)
{
	char last[40];

	if (!r->n_hwerr)
		return;
	page_section(p, "HARDWARE  (errors that the kernel went on after)");
	for (unsigned i = 0; i < r->n_hwerr; i++) {
		format_utc(r->hwerr[i].last, last, sizeof(last));
		page_row(p, hwerr_name(r->hwerr[i].kind), "%" PRIu64 "%s%s", r->hwerr[i].n,
			 last[0] ? ", the last at " : "", last);
	}
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
}

const struct report_part part_hardware = { "hardware", read_hardware, put_text, put_json };
