/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A manifest is asked for its signature, its kernel, and whether its dump is whole. */
#include "same_crashes.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonread.h"
#include "store.h"

#define NEWEST_MAX 512	/* crashes that are looked at */
#define ID_TEXT 48

struct told {
	char signature[ID_TEXT];	/* "" none that is sure */
	char build_id[ID_TEXT];
	bool is_good;		/* read back, and all of it there */
};

/* False: there is a manifest or not, and it cannot be read. */
static bool read_told(struct told *told, struct store *s, const char *folder, char *text,
		      size_t len)
{
	struct json_value manifest;

	if (!store_manifest(s, folder, text, len, &manifest))
		return false;
	told->signature[0] = '\0';
	if (json_is_true(&manifest, "signature_sure"))
		json_text(&manifest, "signature", told->signature, sizeof(told->signature));
	json_text(&manifest, "build_id", told->build_id, sizeof(told->build_id));
	told->is_good = store_manifest_is_good(&manifest);
	return true;
}

static bool is_same(const struct told *told, const struct fault_id *fault)
{
	return !strcmp(told->signature, fault->signature) &&
	       !strcmp(told->build_id, fault->build_id);
}

/* Is it still there: not only what its manifest tells? */
static bool is_there(struct store *s, const char *folder)
{
	struct store_entry entry;
	struct err ignored;

	return store_look(s, folder, &entry, &ignored) && entry.kind == STORE_WHOLE;
}

/* What lies there: crashes of the fault, and those of them whose dump is whole. */
struct tally {
	unsigned n_seen, n_whole;
};

/* How many there are is of interest only when it is known that they are enough. */
static bool count(const struct past *past, const struct fault_id *fault, unsigned most,
		  struct tally *tally, struct err *e)
{
	const struct store_span all = { .from = INT64_MIN, .to = INT64_MAX,
					.but = past->id->folder ? past->id->folder : "" };
	struct store_entries near = { .max = NEWEST_MAX, .alive = past->alive };
	char *text = arena_take(past->arena, PAST_MANIFEST_LEN, 1, "manifest", e);
	bool is_full;

	near.at = arena_take(past->arena, NEWEST_MAX, sizeof(*near.at), "crashes", e);
	if (!text || !near.at || !store_near(past->store, &all, &near, e))
		return within(e, "crashes of the same fault are not counted");
	is_full = near.n == NEWEST_MAX;
	while (near.n--) {
		const char *folder = near.at[near.n].name;
		struct told told;

		__atomic_fetch_add(past->alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(past->store, e)) {
			tally->n_seen = 0;	/* not all of them */
			return tally->n_whole >= most ||
			       within(e, "crashes of the same fault are not counted");
		}
		if (!read_told(&told, past->store, folder, text, PAST_MANIFEST_LEN) ||
		    !is_same(&told, fault))
			continue;
		tally->n_seen++;
		tally->n_whole += told.is_good && is_there(past->store, folder);
	}
	if (is_full)
		tally->n_seen = 0;	/* there may be older ones */
	return true;
}

bool same_crashes_are_enough(const struct past *past, const struct fault_id *fault,
			     unsigned most, unsigned *n_seen, struct err *e)
{
	size_t mark = arena_mark(past->arena);
	struct tally tally = { 0, 0 };
	bool is_counted;

	*n_seen = 0;
	err_set(e, 0, "%s", "");
	if (!most || !fault->signature[0] || !fault->build_id[0])
		return false;
	past->store->ours_only = true;
	past->store->until = monotonic_seconds() + PAST_COUNT_S;
	is_counted = count(past, fault, most, &tally, e);
	arena_release(past->arena, mark);
	if (!is_counted)
		return false;
	*n_seen = tally.n_seen;
	if (tally.n_whole < most)
		return false;
	err_set(e, 0, "%u whole dump%s of %s and this kernel %s there already (keep_same); "
		"only log, report and manifest are kept", tally.n_whole,
		tally.n_whole == 1 ? "" : "s", fault->signature,
		tally.n_whole == 1 ? "is" : "are");
	return true;
}

/* Is there a newer whole one of that fault that stays? */
static bool has_successor(const struct store_entries *all, unsigned nr)
{
	const struct store_entry *entry = &all->at[nr];

	for (unsigned i = nr + 1; i < all->n; i++)
		if (!all->at[i].goes && all->at[i].kind == STORE_WHOLE &&
		    !strcmp(all->at[i].signature, entry->signature))
			return true;
	return false;
}

static bool goes_any(const struct store_entries *all)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].goes && all->at[i].kind == STORE_WHOLE)
			return true;
	return false;
}

void same_crashes_spare_last(struct store *store, const struct store_entries *all,
			     char *text, size_t len)
{
	if (!goes_any(all))
		return;
	for (unsigned i = all->n; i--; ) {
		struct store_entry *entry = &all->at[i];
		struct told told;
		struct err ignored;

		entry->signature[0] = '\0';
		if (entry->kind != STORE_WHOLE)
			continue;
		__atomic_fetch_add(all->alive, 1, __ATOMIC_RELAXED);
		/* Without time, or its manifest, nobody knows whose last one it is. */
		if (!store_has_time(store, &ignored) ||
		    !read_told(&told, store, entry->name, text, len)) {
			entry->goes = false;
			continue;
		}
		if (!told.is_good || !told.signature[0])
			continue;
		snprintf(entry->signature, sizeof(entry->signature), "%s", told.signature);
		if (entry->goes && !has_successor(all, i))
			entry->goes = false;
	}
}
