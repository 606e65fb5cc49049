/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The crashed kernel's last words on the console: sixteen lines of the log: from the one
 * that says why on, or the last ones. And the end of it as text, for whom it is saved for.
 */
#include "lastwords.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "crash.h"
#include "kernel/dmesg.h"
#include "kernel/panic_reason.h"
#include "kernel/salvage.h"

#define N_LINES 16
#define LINE_LEN 160

struct lines {
	char (*text)[LINE_LEN];
	unsigned n;		/* taken; without a reason the last N_LINES of them stay */
	struct panic_reason why;
	char reason[PANIC_REASON_MAX];	/* the line they begin with, "" none so far */
};

static void take(struct lines *l, const char *record, size_t len)
{
	size_t first = len && record[len - 1] == '\n' ? len - 1 : len;

	panic_reason_feed(&l->why, record, len);
	/* Another reason than before: what led to it is no longer wanted. */
	if (strcmp(l->reason, panic_reason_line(&l->why))) {
		snprintf(l->reason, sizeof(l->reason), "%s", panic_reason_line(&l->why));
		l->n = 0;
	}
	if (l->reason[0] && l->n == N_LINES)
		return;
	snprintf(l->text[l->n++ % N_LINES], LINE_LEN, "%.*s",
		 (int)(first < LINE_LEN - 1 ? first : LINE_LEN - 1), record);
}

uint64_t lastwords_show(struct crash *crash, struct progress *progress)
{
	size_t mark = arena_mark(&crash->arena), len;
	struct lines lines = { .n = 0 };
	struct dmesg log;
	char *record;
	struct err e;

	lines.text = arena_take(&crash->arena, N_LINES, LINE_LEN, "end of dmesg", &e);
	record = arena_take(&crash->arena, DMESG_RECORD_MAX, 1, "end of dmesg", &e);
	if (!lines.text || !record || !crash->kernel.has_space ||
	    !dmesg_open(&log, &crash->kernel.space, &e)) {
		arena_release(&crash->arena, mark);
		return 0;
	}
	log.alive = &progress->alive;
	while (dmesg_next(&log, record, DMESG_RECORD_MAX, &len))
		take(&lines, record, len);
	log_info("%s", lines.reason[0] ? "why the crashed kernel died:"
				       : "the last lines of the crashed kernel:");
	for (unsigned i = lines.n < N_LINES ? 0 : lines.n - N_LINES; i < lines.n; i++)
		log_plain("| %s", lines.text[i % N_LINES]);
	arena_release(&crash->arena, mark);
	return log.latest_ns / 1000000000;
}

/* ---- as text ------------------------------------------------------------------ */

/* What was added last, as much of it as there is room for. */
struct tail {
	char *text;
	size_t size, len;
};

static void add(struct tail *t, const char *record, size_t len)
{
	size_t over;

	if (len > t->size) {
		record += len - t->size;
		len = t->size;
	}
	over = t->len + len > t->size ? t->len + len - t->size : 0;
	memmove(t->text, t->text + over, t->len - over);
	memcpy(t->text + t->len - over, record, len);
	t->len += len - over;
}

/* What is cut at the front begins with a part of a line. */
static void cut_to_lines(struct tail *t)
{
	char *end = t->len == t->size ? memchr(t->text, '\n', t->len) : NULL;

	if (!end)
		return;
	t->len -= end + 1 - t->text;
	memmove(t->text, end + 1, t->len);
}

static void by_tables(struct crash *crash, struct progress *progress, char *record,
		      struct tail *tail)
{
	struct dmesg log;
	struct err ignored;
	size_t len;

	if (!crash->kernel.has_space || !dmesg_open(&log, &crash->kernel.space, &ignored))
		return;
	log.alive = &progress->alive;
	while (dmesg_next(&log, record, DMESG_RECORD_MAX, &len))
		add(tail, record, len);
}

static void by_searching(struct crash *crash, struct progress *progress, char *record,
			 struct tail *tail)
{
	struct salvage found = { .pm = crash->pm, .alive = &progress->alive,
				 .until = monotonic_seconds() + SALVAGE_S };
	struct err ignored;
	size_t len;

	if (!salvage_open(&found, &crash->core, &crash->arena, &ignored))
		return;
	while (salvage_next(&found, record, DMESG_RECORD_MAX, &len)) {
		__atomic_fetch_add(&progress->alive, 1, __ATOMIC_RELAXED);
		add(tail, record, len);
	}
}

size_t lastwords_tail(struct crash *crash, struct progress *progress, bool by_search,
		      char *text, size_t size)
{
	size_t mark = arena_mark(&crash->arena);
	struct tail tail = { text, size, 0 };
	struct err ignored;
	char *record = arena_take(&crash->arena, DMESG_RECORD_MAX, 1, "end of dmesg", &ignored);

	if (record && !by_search)
		by_tables(crash, progress, record, &tail);
	if (record && !tail.len)
		by_searching(crash, progress, record, &tail);
	arena_release(&crash->arena, mark);
	cut_to_lines(&tail);
	return tail.len;
}
