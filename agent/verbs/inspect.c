/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs that look at a core or a dump. Facts are gathered once into rows of key and
 * value, then printed for people or for programs. Errors go to standard error in one
 * line.
 */
#include "inspect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "core_or_dump.h"
#include "kernel/dmesg.h"
#include "kernel/panic_reason.h"
#include "log_levels.h"

static int give_up(const struct err *e)
{
	log_info("%s", e->text);
	return 1;
}

/* ---- dmesg ------------------------------------------------------------------ */

static char *new_record(struct core_or_dump *v, struct err *e)
{
	return arena_take(&v->crash.arena, DMESG_RECORD_MAX, 1, "log record", e);
}

/* A record may have several lines, and each of them gets the words in front. */
static bool print_record(const char *record, size_t len, const char *front)
{
	bool ok = true;

	for (size_t at = 0, n; at < len && ok; at += n) {
		const char *end = memchr(record + at, '\n', len - at);

		n = end ? (size_t)(end + 1 - (record + at)) : len - at;
		ok = fputs(front, stdout) >= 0 && fwrite(record + at, 1, n, stdout) == n;
	}
	return ok;
}

int inspect_dmesg(const struct kdump_paths *files, const struct log_choice *choice)
{
	struct core_or_dump v;
	struct dmesg log;
	char *record;
	struct err e;
	size_t len;
	bool ok;

	if (!core_or_dump_open(&v, files, &e))
		return give_up(&e);
	if (!v.crash.kernel.has_space)
		ok = fail(&e, 0, "%s: no dmesg: %s", files->paths[0], v.crash.kernel.doubt);
	else if (!dmesg_open(&log, &v.crash.kernel.space, &e))
		ok = within(&e, "%s: no dmesg", files->paths[0]);
	else
		ok = (record = new_record(&v, &e)) != NULL;
	if (ok && choice->callers)
		log.callers = true;
	while (ok && dmesg_next(&log, record, DMESG_RECORD_MAX, &len)) {
		char front[40] = "";

		if (!log_wanted(choice, log.priority))
			continue;
		if (choice->decode)
			log_decoded(log.priority, front, sizeof(front));
		if (!print_record(record, len, front))
			ok = fail(&e, 0, "standard output: cannot write");
	}
	if (fflush(stdout) && ok)
		ok = fail(&e, 0, "standard output: cannot write");
	core_or_dump_close(&v);
	return ok ? 0 : give_up(&e);
}

/* ---- info ------------------------------------------------------------------- */

#define MAX_FACTS 32

struct fact {
	const char *key;	/* as in JSON; people see it with spaces */
	enum { TEXT, COUNT, YESNO, BYTES } kind;
	char text[200];
	uint64_t number;
};

struct facts {
	struct fact rows[MAX_FACTS];
	unsigned n;
};

static void add_text(struct facts *f, const char *key, const char *text)
{
	struct fact *row = &f->rows[f->n++];

	row->key = key;
	row->kind = TEXT;
	snprintf(row->text, sizeof(row->text), "%s", text);
}

static void add_number(struct facts *f, const char *key, int kind, uint64_t number)
{
	struct fact *row = &f->rows[f->n++];

	row->key = key;
	row->kind = kind;
	row->number = number;
}

/* The line that says why the machine died; and the last time. */
static void find_why(struct core_or_dump *v, struct panic_reason *why, double *uptime_ret)
{
	struct dmesg log;
	struct err ignored;
	char *record;
	size_t len;

	*uptime_ret = 0;
	if (!v->crash.kernel.has_space ||
	    !dmesg_open(&log, &v->crash.kernel.space, &ignored) ||
	    !(record = new_record(v, &ignored)))
		return;
	while (dmesg_next(&log, record, DMESG_RECORD_MAX - 1, &len)) {
		record[len] = '\0';
		if (*record == '[')
			*uptime_ret = strtod(record + 1, NULL);
		if (dmesg_is_kernels(&log))
			panic_reason_feed(why, record, len);
	}
}

static void add_kernel(struct facts *f, struct core_or_dump *v)
{
	const struct kernel *kn = &v->crash.kernel;
	struct panic_reason why = { .panic = "" };
	char text[200];
	double uptime;

	add_text(f, "host", kn->uts[NODENAME]);
	add_text(f, "kernel", kn->uts[RELEASE]);
	add_text(f, "kernel_version", kn->uts[VERSION]);
	add_text(f, "machine", kn->uts[MACHINE]);
	add_text(f, "build_id", kn->k.build_id);
	format_utc(has(kn->k.crash_time) ? kn->k.crash_time : 0, text, sizeof(text));
	add_text(f, "crash_time", text);
	find_why(v, &why, &uptime);
	add_text(f, "panic", panic_reason_line(&why));
	add_number(f, "uptime_seconds", COUNT, uptime);
	if (!v->is_ram_copy)
		add_number(f, "cpus", COUNT, notes_n_cpus(v->crash.core.notes,
							  v->crash.core.notes_len));
	add_number(f, "page_size", COUNT, 1u << kn->page_shift);
	add_number(f, "trusted", YESNO, kn->trusted);
	if (!kn->trusted)
		add_text(f, "doubt", kn->doubt);
}

static void add_core(struct facts *f, struct core_or_dump *v)
{
	const struct elfcore *core = &v->crash.core;
	uint64_t left_out = 0;

	for (size_t i = 0; i < core->n_holes; i++)
		left_out += core->holes[i].end - core->holes[i].start;

	add_text(f, "format", v->format);
	add_number(f, "size_bytes", BYTES, core->size);
	add_number(f, "memory_bytes", BYTES, elfcore_ram_len(core));
	add_number(f, "memory_ranges", COUNT, core->n_ranges);
	add_number(f, "left_out_bytes", BYTES, left_out);
	add_number(f, "missing_bytes", BYTES, core->missing_len);
	add_number(f, "device_dump_bytes", BYTES, core->device_dumps_len);
}

static void add_dump(struct facts *f, struct core_or_dump *v)
{
	const struct kdump_reader *r = kdump_set_any(v->set);

	add_text(f, "format", v->format);
	add_number(f, "files", COUNT, v->set->n);
	add_number(f, "size_bytes", BYTES, kdump_set_len(v->set));
	add_number(f, "complete", YESNO, !kdump_set_is_cut(v->set));
	add_number(f, "dump_level", COUNT, r->s.dump_level);
	add_text(f, "codec", kdump_codec_name(r->h.status));
	add_number(f, "pages_in_dump", COUNT, kdump_set_n_pages(v->set));
	add_number(f, "memory_end_bytes", BYTES, r->max_pfn * r->h.block_size);
}

static bool print_json(const struct facts *f, struct err *e)
{
	char text[64 << 10];
	struct json j;
	bool is_whole;

	json_init(&j, text, sizeof(text));
	json_open(&j, NULL, '{');
	for (unsigned i = 0; i < f->n; i++) {
		const struct fact *row = &f->rows[i];

		if (row->kind == TEXT)
			json_string(&j, row->key, row->text);
		else if (row->kind == YESNO)
			json_bool(&j, row->key, row->number);
		else
			json_number(&j, row->key, row->number);
	}
	json_close(&j);
	is_whole = json_end(&j, e);
	fputs(text, stdout);
	return is_whole;
}

static void print_text(const struct facts *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		const struct fact *row = &f->rows[i];
		char label[32], value[64];

		snprintf(label, sizeof(label), "%s", row->key);
		for (char *c = label; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		/* Sizes are shown in the largest unit, so the word "bytes" goes. */
		if (row->kind == BYTES && strlen(label) > 6)
			label[strlen(label) - 6] = '\0';
		if (row->kind == BYTES)
			format_bytes(row->number, value, sizeof(value));
		else if (row->kind == YESNO)
			snprintf(value, sizeof(value), "%s", row->number ? "yes" : "no");
		else
			snprintf(value, sizeof(value), "%llu", (unsigned long long)row->number);
		printf("%-16s %s\n", label, row->kind == TEXT ? row->text : value);
	}
}

int inspect_info(const struct kdump_paths *files, bool as_json)
{
	struct facts facts = { .n = 0 };
	struct core_or_dump v;
	struct err e;
	int status = 0;

	if (!core_or_dump_open(&v, files, &e))
		return give_up(&e);
	add_text(&facts, "file", files->paths[0]);
	if (v.is_dump)
		add_dump(&facts, &v);
	else
		add_core(&facts, &v);
	add_kernel(&facts, &v);
	if (!as_json)
		print_text(&facts);
	else if (!print_json(&facts, &e))
		status = give_up(&e);
	core_or_dump_close(&v);
	return status;
}
