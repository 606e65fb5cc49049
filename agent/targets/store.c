/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores: what is the same for every kind of store. */
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/jsonread.h"
#include "crash_files.h"
#include "sink.h"

bool store_has_time(const struct store *s, struct err *e)
{
	return !s->until || monotonic_seconds() < s->until ||
	       fail(e, ETIMEDOUT, "%s: to list it takes too long", s->where);
}

/* ---- looking ---------------------------------------------------------------- */

static void take_file(void *to, const struct store_file *f)
{
	struct store_entry *entry = to;
	char part[SINK_NAME_MAX], plain[SINK_NAME_MAX];
	bool is_sealed = f->name[crash_file_plain(f->name, plain, sizeof(plain))];

	for (size_t i = 0; i < N_CRASH_FILES; i++) {
		bool whole = !strcmp(plain, crash_files[i].name);

		sink_part_name(crash_files[i].name, part);
		if (f->is_folder || (!whole && strcmp(plain, part)))
			continue;
		entry->is_sealed |= is_sealed;
		entry->len += f->len;
		if (crash_files[i].has_pages)
			entry->kind = (i == CRASH_DUMP && whole && f->len) ||
				      entry->kind == STORE_WHOLE ? STORE_WHOLE : STORE_CUT;
		else if (entry->kind == STORE_OTHER)
			entry->kind = STORE_LOG;
		if (i == CRASH_DMESG && whole && !is_sealed)
			entry->log_len = f->len;
		entry->has_log |= i == CRASH_DMESG && whole && !is_sealed;
		entry->has_manifest |= i == CRASH_MANIFEST && whole;
	}
}

static bool look(struct store *s, struct store_entry *entry, struct err *e)
{
	const struct store_visitor taker = { take_file, entry };

	entry->kind = STORE_OTHER;
	return s->ops->list(s, entry->name, &taker, e);
}

static bool begin_entry(struct store_entry *entry, const char *name)
{
	memset(entry, 0, sizeof(*entry));
	if (!folder_name_parse(name, &entry->host_len, &entry->when))
		return false;
	memcpy(entry->name, name, strlen(name) + 1);
	return true;
}

bool store_look(struct store *s, const char *name, struct store_entry *entry,
		struct err *e)
{
	if (!begin_entry(entry, name)) {
		/* A name that somebody chose: without host and time. */
		if (strlen(name) >= sizeof(entry->name) || strchr(name, '/'))
			return fail(e, ENOENT, "'%s' is not the name of a folder", name);
		memcpy(entry->name, name, strlen(name) + 1);
		entry->host_len = 0;
	}
	if (!look(s, entry, e))
		return false;
	return entry->kind != STORE_OTHER ||
	       fail(e, ENOENT, "%s/%s has no file of ours", s->where, name);
}

bool store_is_of(const struct store_entry *entry, const char *host)
{
	return !host || (strlen(host) == entry->host_len &&
			 !memcmp(host, entry->name, entry->host_len));
}

static int by_time(const void *a, const void *b)
{
	const struct store_entry *x = a, *y = b;

	return x->when != y->when ? (x->when > y->when) - (x->when < y->when)
				  : strcmp(x->name, y->name);
}

struct gathering {
	const struct store_span *span;
	struct store_entries *found;
	bool ours_only;
};

static bool is_in(const struct store_span *span, const struct store_entry *entry)
{
	return store_is_of(entry, span->host) && entry->when >= span->from &&
	       entry->when <= span->to && strcmp(entry->name, span->but);
}

static void take_folder(void *to, const struct store_file *f)
{
	struct gathering *g = to;
	struct store_entries *found = g->found;
	struct store_entry entry;
	unsigned oldest = 0;

	__atomic_fetch_add(found->alive, 1, __ATOMIC_RELAXED);
	if (!f->is_folder || (f->is_foreign && g->ours_only) ||
	    !begin_entry(&entry, f->name) || !is_in(g->span, &entry))
		return;
	if (found->n < found->max) {
		found->at[found->n++] = entry;
		return;
	}
	for (unsigned i = 1; i < found->n; i++)
		if (by_time(&found->at[i], &found->at[oldest]) < 0)
			oldest = i;
	if (found->n && by_time(&found->at[oldest], &entry) < 0)
		found->at[oldest] = entry;
}

bool store_near(struct store *s, const struct store_span *span, struct store_entries *found,
		struct err *e)
{
	struct gathering g = { .span = span, .found = found, .ours_only = s->ours_only };
	const struct store_visitor taker = { take_folder, &g };

	found->n = 0;
	if (s->ops->list(s, NULL, &taker, e)) {
		qsort(found->at, found->n, sizeof(found->at[0]), by_time);
		return true;
	}
	found->n = 0;
	return false;
}

bool store_list(struct store *s, const char *host, struct store_entries *found,
		struct err *e)
{
	const struct store_span all = { .host = host, .from = INT64_MIN, .to = INT64_MAX,
					.but = "" };
	struct err ignored;

	if (!store_near(s, &all, found, e))
		return false;
	for (unsigned i = 0; i < found->n; i++) {
		__atomic_fetch_add(found->alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(s, e))
			return false;
		/* One that nobody lets us look into is none that we do anything with. */
		if (!look(s, &found->at[i], &ignored))
			found->at[i].kind = STORE_OTHER;
	}
	return true;
}

bool store_json(struct store *s, struct store_piece *piece, struct json_value *value)
{
	struct err ignored;

	return s->ops->read(s, piece, &ignored) &&
	       json_read(value, piece->buf, piece->len, &ignored);
}

bool store_manifest(struct store *s, const char *folder, char *text, size_t len,
		    struct json_value *manifest)
{
	struct store_piece piece = { .folder = folder, .buf = text, .len = len,
				     .file = crash_files[CRASH_MANIFEST].name };

	return store_json(s, &piece, manifest);
}

bool store_manifest_is_good(const struct json_value *manifest)
{
	return json_is_true(manifest, "verified") && json_is_true(manifest, "complete.value");
}

/* ---- removing --------------------------------------------------------------- */

/* A file and its part, whatever became of the other one. */
static void remove_file(struct store *s, const struct store_entry *entry, const char *name,
			struct err *why)
{
	char part[SINK_NAME_MAX];
	struct err e;

	sink_part_name(name, part);
	if (!s->ops->remove(s, entry->name, name, &e) && e.code != ENOENT)
		*why = e;
	if (!s->ops->remove(s, entry->name, part, &e) && e.code != ENOENT)
		*why = e;
}

bool store_remove(struct store *s, const struct store_entry *entry, struct err *e)
{
	struct err why = { .code = 0 };

	for (size_t i = 0; i < N_CRASH_FILES; i++) {
		char sealed[SINK_NAME_MAX];

		snprintf(sealed, sizeof(sealed), "%s" CRASH_SEALED, crash_files[i].name);
		if (entry->is_sealed)
			remove_file(s, entry, sealed, &why);
		remove_file(s, entry, crash_files[i].name, &why);
	}
	if (why.code) {
		*e = why;
		return false;
	}
	/* Fails, and that is right, when somebody keeps other things in there. */
	return s->ops->remove(s, entry->name, NULL, e) ||
	       within(e, "our files are gone, the folder is not");
}
