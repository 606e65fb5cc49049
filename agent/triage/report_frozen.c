/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file systems that were frozen or shut down; mostly there are none. */
#include "report_parts.h"

#include <string.h>

#include "base/jsonwrite.h"
#include "kernel/kernel.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

/* "shut down requested", "Shutting down filesystem": else nobody looks for it. */
static bool log_tells_of_it(const struct report *r)
{
	const struct log_line *line;

	for (unsigned i = 0; (line = timeline_line(&r->timeline, i)); i++)
		if (strstr(line->message, "hut down") || strstr(line->message, "hutting down"))
			return true;
	return false;
}

static void read_frozen(struct triage *m)
{
	struct frozen *f = &m->r->frozen;
	struct tables *tables = &m->want->kernel->tables;

	f->supers = (struct supers){ m->space, &m->facts.supers, m->want->bounds };
	f->facts = &m->facts.frozen;
	f->paths = &m->facts.paths;
	if (log_tells_of_it(m->r)) {
		if (facts_of_module(&m->facts, "ext4", tables, m->want->arena))
			f->ext4 = &m->facts.ext4;
		if (facts_of_module(&m->facts, "xfs", tables, m->want->arena))
			f->xfs = &m->facts.xfs;
	}
	frozen_read(f);
}

static void put_text(struct report *r, struct text_page *p)
{
	if (!r->frozen.n)
		return;
	page_section(p, "FILE SYSTEMS THAT STAND");
	for (unsigned i = 0; i < r->frozen.n; i++)
		page_row(p, r->frozen.list[i].device, "%s, %s", r->frozen.list[i].fs,
			 r->frozen.list[i].is_shut ? "shut down" : "frozen");
}

static void put_list(const struct frozen *f, bool shut, struct json *j)
{
	for (unsigned i = 0; i < f->n; i++) {
		if (f->list[i].is_shut != shut)
			continue;
		json_open(j, NULL, '{');
		json_string(j, "fs", f->list[i].fs);
		json_string(j, "device", f->list[i].device);
		json_close(j);
	}
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "frozen", '[');
	put_list(&r->frozen, false, j);
	json_open(j, "shut_down", '[');
	put_list(&r->frozen, true, j);
}

const struct report_part part_frozen = { "frozen", read_frozen, put_text, put_json };
