/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A crash that is older than a month is history when somebody begins to listen, and not told.
 * What lies in a folder is what somebody has put there: all of it is made printable.
 */
#include "tell_crashes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/jsonread.h"
#include "base/log.h"
#include "dump_facts.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "kexec/kexec.h"
#include "ship/crash_record.h"
#include "ship/ship_file.h"
#include "targets/crash_files.h"
#include "targets/store.h"

#define HISTORY_S (30 * 86400)
#define FIRST_CLOCK 1577836800	/* 2020: who crashed before that had no clock */
#define RECORD_MAX (64u << 10)
#define REPORT_LINES 8192	/* bytes of report.txt that a mail has */
#define TESTED STATE_DIR "/last-test"

_Static_assert(TELL_TEXT >= MANIFEST_READ, "a manifest has room");

static void line_of(const char *words, char line[RECORD_LINE])
{
	char sha[SHIP_SHA_LEN];

	ship_sum(words, strlen(words), sha);
	snprintf(line, RECORD_LINE, "told %.16s", sha);
}

static struct tell_to whom(const struct telling *t, unsigned nr)
{
	return (struct tell_to){ .words = t->config->ship.tell[nr], .root = t->root,
				 .insecure = t->config->insecure, .alive = t->alive };
}

static void say_broken(struct telling *t, unsigned nr, const struct err *e)
{
	log_info("%s", e->text);
	t->is_broken[nr] = true;
}

/* ---- one crash --------------------------------------------------------------- */

/* A whole file if there is room, its beginning else; as text. Its length. */
static size_t read_file(struct store *s, const char *folder, enum crash_file which, char *to,
			size_t size)
{
	struct store_piece piece = { folder, crash_files[which].name, 0, to, size - 1 };
	struct err ignored;

	if (!s->ops->read(s, &piece, &ignored))
		piece.len = 0;
	to[piece.len] = '\0';
	return piece.len;
}

static void make_printable(char *text)
{
	for (; *text; text++)
		if (*text != '\n' && *text != '\t')
			*text = printable(*text);
}

static bool is_history(const struct store_entry *entry)
{
	return entry->when >= FIRST_CLOCK && entry->when < time(NULL) - HISTORY_S;
}

/* A crash of the last month, to each who has not heard of it. */
static void tell_all(struct telling *t, struct tell_crash *c, struct store *s)
{
	struct json_value report;
	char beginning[REPORT_LINES], line[RECORD_LINE];
	struct crash_record record;
	struct ship_files files;
	struct err e, ignored;
	size_t len = read_file(s, c->folder, CRASH_REPORT_JSON, t->report, TELL_TEXT);

	if (json_read(&report, t->report, len, &ignored))
		c->report = &report;
	read_file(s, c->folder, CRASH_REPORT, beginning, sizeof(beginning));
	make_printable(beginning);
	c->report_text = beginning;
	if (!crash_record_load(&record, t->root, c->folder, RECORD_MAX, t->arena, &e) ||
	    !ship_files_list(&files, s, c->folder, &e)) {
		log_info("%s", e.text);
		return;
	}
	ship_files_own(&files, &record, t->alive);
	for (unsigned i = 0; i < t->config->ship.n_tell; i++) {
		const struct tell_to to = whom(t, i);

		line_of(to.words, line);
		if (t->is_broken[i] || !tell_is_of_crashes(to.words) ||
		    crash_record_has(&record, line))
			continue;
		if (!t->dry_run && (!tell_of_crash(&to, c, &e) ||
				    !crash_record_add(&record, line, &e))) {
			say_broken(t, i, &e);
			continue;
		}
		/* Without what may be the secret of an address. */
		printf("%s %.*s of %s\n", t->dry_run ? "would tell" : "told",
		       (int)strcspn(to.words, ":"), to.words, c->folder);
		t->n_told++;
	}
}

void tell_crash_found(struct telling *t, struct store *s, const struct store_entry *entry)
{
	size_t mark = arena_mark(t->arena);
	char where[600];
	struct dump_facts f;
	struct tell_crash c = { .folder = entry->name, .where = where };

	dump_facts_read(&f, s, entry, t->text);
	snprintf(where, sizeof(where), "%s/%s", s->where, entry->name);
	make_printable(where);
	c.host = f.host;
	c.time = f.when;
	c.kernel = f.kernel;
	c.panic = f.panic;
	c.state = f.state;
	if (f.has_manifest) {
		json_text(&f.manifest, "signature", c.signature, sizeof(c.signature));
		json_text(&f.manifest, "title", c.title, sizeof(c.title));
	}
	tell_count(&t->totals, &c, entry->when);
	if (!is_history(entry))
		tell_all(t, &c, s);
	arena_release(t->arena, mark);
}

/* ---- all of it --------------------------------------------------------------- */

void tell_how_it_stands(struct telling *t)
{
	struct kexec_state kexec;
	uint64_t tested = 0;
	struct err e;

	kexec_state(&kexec, t->root);
	t->totals.is_armed = kexec.loaded;
	if (root_number(t->root, TESTED, &tested))
		t->totals.tested = tested;
	for (unsigned i = 0; i < t->config->ship.n_tell && !t->dry_run; i++) {
		const struct tell_to to = whom(t, i);

		if (!tell_totals(&to, &t->totals, &e))
			say_broken(t, i, &e);
	}
}

bool tell_has_failed(const struct telling *t)
{
	for (unsigned i = 0; i < MAX_TELL; i++)
		if (t->is_broken[i])
			return true;
	return false;
}

void tell_test_passed(const char *root)
{
	char path[HOST_PATH_MAX], text[32];
	struct blob data = { (uint8_t *)text, 0 };
	struct err e;

	data.len = snprintf(text, sizeof(text), "%" PRId64 "\n", (int64_t)time(NULL));
	if (!root_make_state(root, &e) || !root_path(path, root, TESTED, &e) ||
	    !file_replace(path, &data, &e))
		log_warn("%s", e.text);
}
