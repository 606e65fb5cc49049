/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A log that somebody saved: taking prefixes off makes it no longer and leaves its lines, the
 * boot that is chosen lies within it, and a report of it, in both forms, ends soon.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "kernel/kernel.h"
#include "triage/report_json.h"
#include "triage/report_make.h"
#include "triage/report_text.h"

#define ARENA_LEN (4u << 20)
#define TEXT_LEN (256u << 10)
#define JSON_LEN (1u << 20)
#define LOG_LEN (64u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned lines_in(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static void report_of(struct arena *arena, const struct log_text *log)
{
	static struct kernel none;
	static char text[TEXT_LEN], told[JSON_LEN];
	const struct bounds bounds = { .until = monotonic_seconds() + 5, .mem_len = ARENA_LEN };
	struct report_want want = { .kernel = &none, .arena = arena, .bounds = &bounds,
				    .log = log };
	static struct report r;
	struct json j;
	struct err e;

	none = (struct kernel){ .page_shift = 12 };
	if (!report_begin(&r, &want, &e))
		abort();
	report_read_memory(&r);
	report_text(&r, text, sizeof(text));
	json_init(&j, told, sizeof(told));
	report_json(&r, &j);
	if (!json_end(&j, &e))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[LOG_LEN];
	static struct arena arena;
	struct log_text all = { text, size < LOG_LEN ? size : LOG_LEN }, boot;
	unsigned n_lines;
	size_t mark;
	struct err e;

	if (!arena.base && !arena_init(&arena, ARENA_LEN, &e))
		abort();
	mark = arena_mark(&arena);
	memcpy(text, data, all.len);
	n_lines = lines_in(text, all.len);
	all.len = log_text_clean(text, all.len);
	if (all.len > size || lines_in(text, all.len) != n_lines)
		abort();
	boot = log_text_last_death(all);
	if (boot.text < text || boot.text + boot.len > text + all.len)
		abort();
	report_of(&arena, &boot);
	arena_release(&arena, mark);
	return 0;
}
