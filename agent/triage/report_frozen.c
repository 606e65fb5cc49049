/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file systems that were frozen; mostly there are none. */
#include "report_parts.h"

#include "base/jsonwrite.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static void read_frozen(struct triage *m)
{
	struct frozen *f = &m->r->frozen;

	f->space = m->space;
	f->facts = &m->facts.frozen;
	f->paths = &m->facts.paths;
	f->supers = &m->facts.supers;
	frozen_read(f);
}

static void put_text(struct report *r, struct text_page *p)
{
	if (!r->frozen.n)
		return;
	page_section(p, "FROZEN FILE SYSTEMS");
	for (unsigned i = 0; i < r->frozen.n; i++)
		page_row(p, r->frozen.list[i].device, "%s", r->frozen.list[i].fs);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "frozen", '[');
	for (unsigned i = 0; i < r->frozen.n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "fs", r->frozen.list[i].fs);
		json_string(j, "device", r->frozen.list[i].device);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_frozen = { "frozen", read_frozen, put_text, put_json };
