/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Those that did not answer come first, then what stands on the others. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "kernel/kernel.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

#define LAYERS_TOLD 16u		/* of one disk */

static void read_disks(struct triage *m)
{
	struct disks *d = &m->r->disks;

	d->space = m->space;
	d->facts = &m->facts.disks;
	disks_read(d);
	if (disks_have_mapped(d))
		facts_of_module(&m->facts, "dm_mod", &m->want->kernel->tables, m->want->arena);
	disk_layers_read(&(struct layer_reader){
		.disks = d, .facts = &m->facts.layers,
		.supers = { m->space, &m->facts.supers, m->want->bounds },
		.paths = { m->space, &m->facts.paths }, .mapper = &m->facts.mapper });
}

/* The partition that it was for; "" not known, or all of the disk. */
static void request_part(const struct disks *d, const struct disk_request *rq,
			 char name[PART_NAME])
{
	name[0] = '\0';
	for (unsigned i = 0; rq->part && i < d->n_parts; i++)
		if (d->parts[i].at == rq->part && d->parts[i].number)
			disk_part_name(d, &d->parts[i], name);
}

static void put_request(const struct report *r, const struct disk_request *rq,
			struct text_page *p)
{
	double age = report_seconds_since(r, rq->since_ns);
	char room[16], part[PART_NAME], since[32] = "";

	if (age >= 0)
		snprintf(since, sizeof(since), ", for %.1f s", age);
	request_part(&r->disks, rq, part);
	page_row(p, "", "%s sector %" PRIu64 ", %u bytes%s%s%s", disk_op_name(rq->op, room),
		 rq->sector, rq->len, since, part[0] ? ", for " : "", part);
}

static void put_layers(const struct disks *d, unsigned disk, const char *name,
		       struct text_page *p)
{
	char text[LAYER_TEXT];
	struct disk_layer layer;

	for (unsigned i = 0; i < LAYERS_TOLD && disk_layer_at(d, disk, i, &layer); i++) {
		disk_layer_text(d, &layer, text);
		page_row(p, i ? "" : name, "%s", text);
	}
}

static void put_busy(const struct report *r, unsigned disk, struct text_page *p)
{
	const struct disk_use *at = &r->disks.list[disk];
	char name[VOLUME_NAME];

	disk_volume_name(at, name);
	page_row(p, name, "%u requests in flight, the oldest:", at->n);
	for (unsigned k = 0; k < at->n_oldest; k++)
		put_request(r, &at->oldest[k], p);
	put_layers(&r->disks, disk, "on it", p);
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct disks *d = &r->disks;
	struct disk_layer layer;

	if (!d->n)
		return;
	page_section(p, "DISKS  (%u%s)", d->n, d->cut ? " or more" : "");
	for (unsigned i = 0; i < d->n; i++)
		if (d->list[i].n)
			put_busy(r, i, p);
	/* What stands on others was told with them. */
	for (unsigned i = 0; i < d->n; i++)
		if (!d->list[i].n && !disk_is_volume(d, i))
			put_layers(d, i, d->list[i].name, p);
	page_end_line(p);
	for (unsigned i = 0; i < d->n; i++)
		if (!d->list[i].n && !disk_is_volume(d, i) && !disk_layer_at(d, i, 0, &layer))
			page_item(p, "%s", d->list[i].name);
}

static void request_json(const struct report *r, const struct disk_request *rq, struct json *j)
{
	double age = report_seconds_since(r, rq->since_ns);
	char room[16], part[PART_NAME];

	request_part(&r->disks, rq, part);
	json_open(j, NULL, '{');
	json_string(j, "op", disk_op_name(rq->op, room));
	json_text_or_null(j, "partition", part);
	json_number(j, "sector", rq->sector);
	json_number(j, "bytes", rq->len);
	json_real_or_null(j, "seconds", age);
	json_close(j);
}

static void layers_json(const struct disks *d, unsigned disk, struct json *j)
{
	struct disk_layer layer;
	char name[PART_NAME];

	json_open(j, "on_it", '[');
	for (unsigned i = 0; i < LAYERS_TOLD && disk_layer_at(d, disk, i, &layer); i++) {
		disk_part_name(d, layer.part, name);
		json_open(j, NULL, '{');
		json_string(j, "device", name);
		json_text_or_null(j, "through", layer.between);
		json_text_or_null(j, "fs", layer.top->fs);
		json_text_or_null(j, "mounted", layer.top->mounted);
		json_close(j);
	}
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	const struct disks *d = &r->disks;

	json_open(j, "disks", '[');
	for (unsigned i = 0; i < d->n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", d->list[i].name);
		json_text_or_null(j, "volume", d->list[i].volume);
		json_number(j, "in_flight", d->list[i].n);
		json_open(j, "requests", '[');
		for (unsigned k = 0; k < d->list[i].n_oldest; k++)
			request_json(r, &d->list[i].oldest[k], j);
		json_close(j);
		layers_json(d, i, j);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_disks = { "disks", read_disks, put_text, put_json };
