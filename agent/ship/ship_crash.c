/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recipe: which files, are they known to be there, what do they add up to, send, remember.
 * Nothing is removed before all of the crash is remembered as confirmed.
 */
#include "ship_crash.h"

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/jsonread.h"
#include "config/config.h"
#include "ship_file.h"
#include "ship_way.h"
#include "targets/store.h"
#include "targets/target_kinds.h"

#define RECORD_MAX (64u << 10)
#define MAX_REFUSED 3	/* in a row; then it is not the files */

/* One crash being sent. */
struct sending {
	struct ship_job *job;
	const struct ship_crash *crash;
	struct ship_counts *counts;
	void (*bad)(const struct err *e);
	struct crash_record record;
	struct ship_files files;
	struct json_value manifest;
	bool has_manifest;
	bool is_left;		/* a file of it cannot go: no mixture is made there */
};

static void done_line(const struct ship_job *j, char line[RECORD_LINE])
{
	snprintf(line, RECORD_LINE, "done %s", j->id);
}

/* A dump does not change, and is long: name and length are enough to know it again. */
static bool is_known(const struct sending *s, const struct ship_file *f)
{
	char line[RECORD_LINE], found[RECORD_LINE];

	ship_line(s->job, f, !f->is_dump, line);
	return f->is_dump ? crash_record_line(&s->record, line, 0, found)
			  : crash_record_has(&s->record, line);
}

/* Connects, for the first one that is to be sent. */
static bool be_open(struct ship_job *j, struct err *e)
{
	if (!j->is_open)
		j->is_open = j->way->open(j, e);
	return j->is_open;
}

static void say_bad(struct sending *s, const struct ship_file *f, const struct err *why)
{
	/* Of a small one it was said before the dumps had their turn. */
	if (f->is_dump == s->crash->dumps)
		s->bad(why);
	s->counts->n_bad++;
}

/* May other crashes go, though this file could not? */
static bool is_of_file(struct sending *s, const struct err *e)
{
	switch (e->code) {
	case SHIP_BAD_FILE:
	case EEXIST:
	case ENAMETOOLONG:
	case EFBIG:		/* what we remember of it has no room */
	case ENOMEM:		/* it is longer than what we have room for */
		return true;
	case SHIP_REFUSED:
		return ++s->counts->n_refused < MAX_REFUSED;
	default:
		return false;
	}
}

static bool send_it(struct sending *s, struct ship_sending *one, struct err *e)
{
	struct ship_job *j = s->job;
	char line[RECORD_LINE];

	if (!be_open(j, e))
		return false;
	if (!j->way->send(j, one, e)) {
		s->is_left = is_of_file(s, e);
		return false;
	}
	s->counts->n_refused = 0;
	ship_line(j, one->file, true, line);
	return crash_record_add(&s->record, line, e);
}

/* False: the place is at fault, not the file. */
static bool send_one(struct sending *s, struct ship_file *f, struct err *e)
{
	struct ship_sending one = { .file = f, .record = &s->record };
	struct ship_job *j = s->job;

	if (!ship_file_sum(f, s->has_manifest ? &s->manifest : NULL, j->alive, e)) {
		say_bad(s, f, e);
		return true;
	}
	if (is_known(s, f))
		return true;
	if (!j->dry_run && !send_it(s, &one, e)) {
		if (s->is_left)
			say_bad(s, f, e);
		return s->is_left;
	}
	s->counts->n_sent += !one.was_there;
	s->counts->n_there += one.was_there;
	s->counts->sent_len += one.was_there ? 0 : f->len;
	j->each(j->ctx, f, one.was_there);
	return true;
}

/* Remembers that, and does what waits for it. */
static bool finish(struct sending *s, struct err *e)
{
	const struct ship_crash *crash = s->crash;
	struct ship_job *j = s->job;
	char line[RECORD_LINE];

	done_line(j, line);
	if (!crash_record_has(&s->record, line) && !crash_record_add(&s->record, line, e))
		return false;
	for (unsigned i = 0; i < s->files.n && j->config->ship.remove; i++) {
		const struct ship_file *f = &s->files.at[i];

		if (!f->is_dump)
			continue;
		if (!crash->store->ops->remove(crash->store, f->folder, f->name, e))
			return false;
		s->counts->n_removed++;
	}
	return true;
}

static bool begin(struct sending *s, struct err *e)
{
	const struct ship_crash *crash = s->crash;
	const char *folder = crash->entry->name;

	s->has_manifest = store_manifest(crash->store, folder, crash->text, crash->text_len,
					 &s->manifest) && s->manifest.kind == JSON_OBJECT;
	if (!ship_files_list(&s->files, crash->store, folder, e) ||
	    !crash_record_load(&s->record, s->job->root, folder, RECORD_MAX, s->job->arena, e))
		return false;
	ship_files_own(&s->files, &s->record, s->job->alive);
	return true;
}

/* Nothing has come since all of it was confirmed? Then nothing is read. */
static bool is_done(const struct sending *s)
{
	char line[RECORD_LINE];

	done_line(s->job, line);
	for (unsigned i = 0; i < s->files.n; i++)
		if (s->files.at[i].is_dump && !is_known(s, &s->files.at[i]))
			return false;
	return crash_record_has(&s->record, line);
}

static bool send_all(struct sending *s, struct err *e)
{
	unsigned n_bad = s->counts->n_bad;
	struct err why;

	if (!begin(s, &why)) {
		s->bad(&why);
		s->counts->n_bad++;
		return true;
	}
	for (unsigned i = 0; i < s->files.n && !s->is_left && !is_done(s); i++) {
		struct ship_file *f = &s->files.at[i];

		if (f->is_dump ? !s->crash->dumps || is_known(s, f)
			       : s->crash->dumps && s->job->dry_run)
			continue;
		if (!send_one(s, f, e))
			return false;
	}
	if (!s->crash->dumps || s->job->dry_run || n_bad != s->counts->n_bad)
		return true;
	return finish(s, e);
}

bool ship_crash(struct ship_job *j, const struct ship_crash *crash, struct ship_counts *counts,
		void (*bad)(const struct err *e), struct err *e)
{
	struct sending s = { .job = j, .crash = crash, .counts = counts, .bad = bad };
	size_t mark = arena_mark(j->arena);
	bool was_open = j->is_open, ok = send_all(&s, e);

	/* What a connection has taken stays as long as it does. */
	if (was_open == j->is_open)
		arena_release(j->arena, mark);
	return ok;
}

bool ship_whose(const struct ship_job *j, const char *words, char host[FOLDER_HOST_MAX])
{
	const struct target_kind *kind = target_kind_of(words);

	host[0] = '\0';
	if (!kind || kind->needs & NEEDS_DEVICE)
		return true;
	folder_name_here(j->config->host, j->config->machine_id, host);
	return !(kind->needs & NEEDS_CLIENT);
}

bool ship_is_done(const struct ship_job *j, struct store *store, const char *folder)
{
	size_t mark = arena_mark(j->arena);
	struct crash_record record;
	struct ship_files files;
	char line[RECORD_LINE];
	struct err ignored;
	bool is;

	done_line(j, line);
	is = crash_record_load(&record, j->root, folder, RECORD_MAX, j->arena, &ignored) &&
	     crash_record_has(&record, line) &&
	     ship_files_list(&files, store, folder, &ignored);
	if (is) {
		ship_files_own(&files, &record, j->alive);
		is = crash_record_has(&record, line);
	}
	arena_release(j->arena, mark);
	return is;
}
