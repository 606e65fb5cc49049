/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks that nothing was asked of are named in one row. */
#include "report_parts.h"

#include <inttypes.h>

#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static void read_disks(struct triage *m)
{
	struct disks *d = &m->r->disks;

	d->space = m->space;
	d->facts = &m->facts.disks;
	disks_read(d);
}

static void put_request(const struct report *r, const struct disk_request *rq,
			struct text_page *p)
{
	double age = report_seconds_since(r, rq->since_ns);
	char room[16];

	if (age >= 0)
		page_row(p, "", "%s sector %" PRIu64 ", %u bytes, for %.1f s",
			 disk_op_name(rq->op, room), rq->sector, rq->len, age);
	else
		page_row(p, "", "%s sector %" PRIu64 ", %u bytes", disk_op_name(rq->op, room),
			 rq->sector, rq->len);
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct disks *d = &r->disks;

	if (!d->n)
		return;
	page_section(p, "DISKS  (%u%s)", d->n, d->cut ? " or more" : "");
	for (unsigned i = 0; i < d->n; i++) {
		if (!d->list[i].n)
			continue;
		page_row(p, d->list[i].name, "%u requests in flight, the oldest:",
			 d->list[i].n);
		for (unsigned k = 0; k < d->list[i].n_oldest; k++)
			put_request(r, &d->list[i].oldest[k], p);
	}
	page_end_line(p);
	for (unsigned i = 0; i < d->n; i++)
		if (!d->list[i].n)
			page_item(p, "%s 0 in flight", d->list[i].name);
}

static void request_json(const struct report *r, const struct disk_request *rq, struct json *j)
{
	double age = report_seconds_since(r, rq->since_ns);
	char room[16];

	json_open(j, NULL, '{');
	json_string(j, "op", disk_op_name(rq->op, room));
	json_number(j, "sector", rq->sector);
	json_number(j, "bytes", rq->len);
	json_real_or_null(j, "seconds", age);
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	const struct disks *d = &r->disks;

	json_open(j, "disks", '[');
	for (unsigned i = 0; i < d->n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", d->list[i].name);
		json_number(j, "in_flight", d->list[i].n);
		json_open(j, "requests", '[');
		for (unsigned k = 0; k < d->list[i].n_oldest; k++)
			request_json(r, &d->list[i].oldest[k], j);
		json_close(j);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_disks = { "disks", read_disks, put_text, put_json };
