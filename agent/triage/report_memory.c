/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where memory was: counters, the largest caches and processes. */
#include "report_parts.h"

#include <inttypes.h>

#include "kernel/kernel.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

/* Of who asked for more, and of the largest processes. */
static void read_groups(struct triage *m)
{
	struct memgroups *g = &m->r->memgroups;
	const struct memuse *use = &m->r->memory;

	*g = (struct memgroups){ .space = m->space, .facts = &m->facts.memgroups,
				 .paths = &m->facts.paths, .page_shift = use->page_shift };
	memgroups_add(g, m->r->subject.at);
	g->n_own = g->n;
	for (unsigned i = 0; i < use->n_procs; i++) {
		const struct proc *p = procs_by_pid(&m->r->procs, use->procs[i].pid);

		if (p)
			memgroups_add(g, p->at);
	}
}

static void read_memory(struct triage *m)
{
	struct memuse *use = &m->r->memory;
	const struct proc *subject;

	use->space = m->space;
	use->facts = &m->facts.memory;
	use->symbols = &m->r->symbols;
	use->page_shift = m->want->kernel->page_shift;
	memuse_read(use);
	memuse_read_procs(use, &m->r->procs);
	subject = procs_by_address(&m->r->procs, m->r->subject.at);
	m->r->subject.rss = subject ? subject->rss : 0;
	read_groups(m);
	m->r->has_memory = true;
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct memuse *m = &r->memory;
	char size[SIZE_TEXT], max[SIZE_TEXT];

	if (!r->has_memory)
		return;
	page_section(p, "MEMORY");
	for (unsigned i = 0; i < N_MEM_COUNTERS; i++)
		if (m->counters[i] != MEM_UNKNOWN)
			page_item(p, "%s %s", mem_counter_name(i),
				  size_text(m->counters[i], size));
	page_end_line(p);
	for (unsigned i = 0; i < m->n_caches; i++)
		page_row(p, i ? "" : "caches", "%s %s, %" PRIu64 " objects of %u%s",
			 m->caches[i].name, size_text(m->caches[i].bytes, size),
			 m->caches[i].objects, m->caches[i].size,
			 m->caches[i].is_merged ? " (merged)" : "");
	for (unsigned i = 0; i < m->n_procs; i++)
		page_row(p, i ? "" : "processes", "%s (pid %u) %s", m->procs[i].comm,
			 m->procs[i].pid, size_text(m->procs[i].bytes, size));
	for (unsigned i = 0; i < r->memgroups.n; i++)
		page_row(p, i ? "" : "full groups", "%s %s of %s", r->memgroups.list[i].path,
			 size_text(r->memgroups.list[i].usage, size),
			 size_text(r->memgroups.list[i].max, max));
}

static void put_groups(const struct memgroups *g, struct json *j)
{
	json_open(j, "groups", '[');
	for (unsigned i = 0; i < g->n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "path", g->list[i].path);
		json_number(j, "usage", g->list[i].usage);
		json_number(j, "max", g->list[i].max);
		json_close(j);
	}
	json_close(j);
}

static void put_json(struct report *r, struct json *j)
{
	const struct memuse *m = &r->memory;

	if (!r->has_memory) {
		json_null(j, "memory");
		return;
	}
	json_open(j, "memory", '{');
	json_open(j, "counters", '{');
	for (unsigned i = 0; i < N_MEM_COUNTERS; i++)
		if (m->counters[i] != MEM_UNKNOWN)
			json_number(j, mem_counter_name(i), m->counters[i]);
		else
			json_null(j, mem_counter_name(i));
	json_close(j);
	json_open(j, "caches", '[');
	for (unsigned i = 0; i < m->n_caches; i++) {
		json_open(j, NULL, '{');
		json_string(j, "name", m->caches[i].name);
		json_number(j, "bytes", m->caches[i].bytes);
		json_number(j, "objects", m->caches[i].objects);
		json_number(j, "size", m->caches[i].size);
		json_close(j);
	}
	json_close(j);
	json_open(j, "processes", '[');
	for (unsigned i = 0; i < m->n_procs; i++) {
		json_open(j, NULL, '{');
		json_number(j, "pid", m->procs[i].pid);
		json_string(j, "comm", m->procs[i].comm);
		json_number(j, "rss", m->procs[i].bytes);
		json_close(j);
	}
	json_close(j);
	put_groups(&r->memgroups, j);
	json_close(j);
}

const struct report_part part_memory = { "memory", read_memory, put_text, put_json };
