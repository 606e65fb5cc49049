/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the report of a core or a dump and prints it. */
#include "inspect.h"

#include <stdio.h>

#include "base/err.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "core_or_dump.h"
#include "triage/report_json.h"
#include "triage/report_make.h"
#include "triage/report_text.h"
#include "vmcore/pagecache.h"

#define TIME_S 60.0
#define TEXT_LEN (256u << 10)
#define JSON_LEN (16u << 20)

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

static bool print_line(struct report *r, struct arena *arena, struct err *e)
{
	char line[REPORT_LINE];

	(void)arena;
	report_line(r, line);
	return print(line, e) && print("\n", e);
}

/* A page of a dump is unpacked each time it is read. */
static bool report(struct core_or_dump *v, enum report_form form, struct err *e)
{
	static bool (*const printers[])(struct report *, struct arena *, struct err *) = {
		[REPORT_AS_TEXT] = print_text, [REPORT_AS_JSON] = print_json,
		[REPORT_AS_LINE] = print_line,
	};
	struct arena *arena = &v->crash.arena;
	struct kernel *kernel = &v->crash.kernel;
	uint64_t alive = 0;
	const struct bounds bounds = { .until = monotonic_seconds() + TIME_S,
				       .mem_len = arena->len, .alive = &alive };
	struct report *r = arena_take(arena, 1, sizeof(*r), "report", e);
	struct pagecache cache;

	if (!r || !pagecache_init(&cache, kernel->space.pm, 1u << kernel->page_shift, arena, e))
		return false;
	kernel->space.pm = &cache.pm;
	report_make(r, &(struct report_want){ kernel, arena, &bounds });
	return printers[form](r, arena, e);
}

int inspect_report(const char *path, enum report_form form)
{
	struct core_or_dump v;
	struct err e;
	bool ok;

	if (!core_or_dump_open(&v, path, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	ok = report(&v, form, &e);
	core_or_dump_close(&v);
	if (!ok)
		log_info("%s: no report: %s", path, e.text);
	return ok ? 0 : 1;
}
