/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the report of a core or a dump and prints it, or answers questions with it. */
#include "inspect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "core_or_dump.h"
#include "look_commands.h"
#include "look_words.h"
#include "report_html.h"
#include "saved_log.h"
#include "triage/report_json.h"
#include "triage/report_line.h"
#include "triage/report_make.h"
#include "triage/report_text.h"

#define TIME_S 60.0
#define TEXT_LEN (256u << 10)
#define JSON_LEN (16u << 20)
#define LINE_LEN 1024
#define LOG_ARENA_LEN (128u << 20)	/* only what is touched is taken */

static bool print(const char *text, struct err *e)
{
	if (fputs(text, stdout) < 0 || fflush(stdout))
		return fail(e, 0, "standard output: cannot write");
	return true;
}

static bool print_json(struct report *r, struct arena *arena, struct err *e)
{
	char *text = arena_take(arena, JSON_LEN, 1, "JSON", e);
	struct json j;

	if (!text)
		return false;
	json_init(&j, text, JSON_LEN);
	report_json(r, &j);
	return json_end(&j, e) && print(text, e);
}

static bool print_text(struct report *r, struct arena *arena, struct err *e)
{
	char *text = arena_take(arena, TEXT_LEN, 1, "report", e);

	if (!text)
		return false;
	report_text(r, text, TEXT_LEN);
	return print(text, e);
}

static bool print_html(struct report *r, struct arena *arena, struct err *e)
{
	char *text = arena_take(arena, TEXT_LEN, 1, "report", e);

	if (!text)
		return false;
	report_text(r, text, TEXT_LEN);
	report_html(r->signature.title[0] ? r->signature.title : "crashbox report", text);
	return !fflush(stdout) || fail(e, 0, "standard output: cannot write");
}

static bool print_line(struct report *r, struct arena *arena, struct err *e)
{
	char line[REPORT_LINE];

	(void)arena;
	report_line(r, false, line, sizeof(line));
	return print(line, e) && print("\n", e);
}

static bool (*const printers[])(struct report *, struct arena *, struct err *) = {
	[REPORT_AS_TEXT] = print_text, [REPORT_AS_JSON] = print_json,
	[REPORT_AS_LINE] = print_line, [REPORT_AS_HTML] = print_html,
};

/* An opened file with its report. */
struct reported_file {
	struct core_or_dump v;
	struct report_want want;
	struct known_list known;
	struct bounds bounds;
	struct log_text log;		/* where there is nothing else */
	uint64_t alive;
	struct report *r;
};

static bool make_report(struct reported_file *f, const char *known_file, struct err *e)
{
	const struct elfcore *core = &f->v.crash.core;
	struct arena *arena = &f->v.crash.arena;

	f->bounds = (struct bounds){ .until = monotonic_seconds() + TIME_S,
				     .mem_len = arena->len, .alive = &f->alive };
	f->want = (struct report_want){ .kernel = &f->v.crash.kernel, .arena = arena,
					.bounds = &f->bounds, .core = core,
					.notes = f->v.is_ram_copy ? NULL : core->notes,
					.notes_len = core->notes_len,
					.log = f->log.text ? &f->log : NULL,
					.known = known_file ? &f->known : NULL,
					.live_s = crash_live_s(&f->v.crash) };
	if (known_file && !known_load(&f->known, known_file, arena, e))
		return within(e, "known faults");
	f->r = arena_take(arena, 1, sizeof(*f->r), "report", e);
	if (!f->r || !report_begin(f->r, &f->want, e))
		return false;
	report_read_memory(f->r);
	return true;
}

static int give_up(const char *path, const struct err *e)
{
	log_info("%s: no report: %s", path, e->text);
	return 1;
}

/* A core, a dump, or a log alone, which is a kernel without memory. */
static bool open_file(struct reported_file *f, const struct kdump_paths *files, struct err *e)
{
	memset(f, 0, sizeof(*f));
	if (files->n > 1 || !saved_log_is(files->paths[0]))
		return core_or_dump_open(&f->v, files, e);
	f->v.crash.core = ELFCORE_CLOSED;
	f->v.crash.kernel.page_shift = 12;
	if (!arena_init(&f->v.crash.arena, LOG_ARENA_LEN, e))
		return false;
	if (saved_log_read(&f->log, files->paths[0], &f->v.crash.arena, e))
		return true;
	arena_deinit(&f->v.crash.arena);
	return false;
}

int inspect_report(const struct kdump_paths *files, const char *known_file,
		   enum report_form form)
{
	struct reported_file f;
	struct err e;
	bool ok;

	if (!open_file(&f, files, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	ok = make_report(&f, known_file, &e) && printers[form](f.r, &f.v.crash.arena, &e);
	core_or_dump_close(&f.v);
	return ok ? 0 : give_up(files->paths[0], &e);
}

/* ---- look ---------------------------------------------------------------------- */

/*
 * False: there is no more. Half of a line may be another command: of one that has no room, or
 * has a NUL, nothing is done.
 */
static bool read_line(char line[LINE_LEN], bool *is_whole)
{
	size_t n = 0;
	int c;

	*is_whole = true;
	while ((c = getc(stdin)) != EOF && c != '\n') {
		if (!c || n == LINE_LEN - 1)
			*is_whole = false;
		else
			line[n++] = (char)c;
	}
	line[n] = '\0';
	return n || c != EOF;
}

/* Standard input, with a prompt if somebody types. */
static bool do_lines(struct look *l)
{
	bool typed = isatty(STDIN_FILENO), ok = true, is_whole;
	char line[LINE_LEN];

	while (!l->is_over) {
		if (typed)
			fputs("crashbox> ", stdout);
		fflush(stdout);
		if (!read_line(line, &is_whole))
			break;
		if (is_whole)
			ok &= look_command(l, line);
		else
			ok = look_wrong("a line is longer than %u bytes, or has a NUL in it: "
					"%.20s...", LINE_LEN - 1, line);
	}
	return ok;
}

int inspect_look(const struct kdump_paths *files, const char *known_file, char *command)
{
	struct reported_file f;
	struct look l = { .files = files, .size = TEXT_LEN };
	struct err e;
	bool ok;

	if (!core_or_dump_open(&f.v, files, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	l.text = arena_take(&f.v.crash.arena, TEXT_LEN, 1, "text", &e);
	if (!l.text || !make_report(&f, known_file, &e)) {
		core_or_dump_close(&f.v);
		return give_up(files->paths[0], &e);
	}
	l.kernel = &f.v.crash.kernel;
	l.r = f.r;
	ok = command[0] ? look_command(&l, command) : do_lines(&l);
	ok &= !fflush(stdout);
	core_or_dump_close(&f.v);
	return !ok;
}
