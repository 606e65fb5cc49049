/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Earlier crashes on a target. The policy is targets/retention's; here it meets what is
 * stored.
 */
#include "earlier_crashes.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/jsonread.h"
#include "base/log.h"
#include "crashloop.h"
#include "pace.h"
#include "retention.h"
#include "same_crashes.h"
#include "store.h"

#define MAX_NEAR 128	/* crashes of a span */
#define MAX_PAST 1024	/* crashes of this host that are looked at, the newest */
#define PACE_TRIES 8	/* crashes whose manifests are asked how fast it went */
#define REMOVE_S 30	/* for removing; what is left goes another time */

/* What the manifest of an earlier crash tells; 0 is not known, and proves nothing. */
struct life {
	uint64_t uptime_s, boot;
	int64_t when;
	bool counts;
};

/* text is what its manifest is read into. */
static struct life life_of(struct store *s, const struct store_entry *entry, char *text)
{
	struct life life = { .when = entry->when, .counts = true };
	struct json_value manifest;

	if (store_manifest(s, entry->name, text, PAST_MANIFEST_LEN, &manifest)) {
		life.uptime_s = json_count(&manifest, "uptime_seconds");
		life.boot = json_count(&manifest, "boot");
	}
	return life;
}

/* Of the crashes of a span, each once. */
struct lives {
	struct life *at;
	unsigned n;
};

/* A disk that is named twice has two folders of one crash: a boot ends but once. */
static bool is_told_twice(const struct lives *all, const struct life *life)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].boot && all->at[i].boot == life->boot &&
		    all->at[i].when == life->when)
			return true;
	return false;
}

/*
 * From our boot back as long as each has crashed: what lies before a boot that did not is
 * over. A number above ours is of another count, and counts like one that is not known.
 */
static unsigned count_chain(struct lives *all, unsigned boot)
{
	unsigned first = boot, n_counted = 0;
	bool found = boot > 0;

	while (found) {
		found = false;
		for (unsigned i = 0; i < all->n; i++)
			found |= all->at[i].boot && all->at[i].boot + 1 == first;
		first -= found;
	}
	for (unsigned i = 0; i < all->n; i++) {
		struct life *life = &all->at[i];

		life->counts = !life->boot || life->boot >= first;
		n_counted += life->counts;
	}
	return n_counted;
}

/* Puts one into a list of the `max` smallest, the smallest first; what they add up to. */
static uint64_t keep_smallest(uint64_t *list, unsigned *n, unsigned max, uint64_t one)
{
	uint64_t sum = 0;

	if (*n < max || one < list[max - 1]) {
		unsigned at = *n < max ? (*n)++ : max - 1;

		for (; at && list[at - 1] > one; at--)
			list[at] = list[at - 1];
		list[at] = one;
	}
	for (unsigned i = 0; i < *n; i++)
		sum += list[i];
	return sum;
}

/*
 * Between the first of loop->n crashes and this one lie the whole uptimes of the others of
 * them and of this one, which is all that is certain. In what order they came is not, so
 * those that took the least are taken.
 */
static bool is_short(const struct lives *all, uint64_t own_s, const struct crash_loop *loop)
{
	uint64_t least[CRASH_LOOP_MAX], sum = 0;
	unsigned n_least = 0, wanted = loop->n - 1;

	for (unsigned i = 0; i < all->n && wanted; i++)
		if (all->at[i].counts)
			sum = keep_smallest(least, &n_least, wanted, all->at[i].uptime_s);
	return own_s <= loop->window_s && sum <= loop->window_s - own_s;
}

/* Is that folder one of a crash that counts? */
static bool counts(const struct lives *all, const struct store_entry *entry)
{
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].counts && all->at[i].boot == entry->boot &&
		    all->at[i].when == entry->when)
			return true;
	return false;
}

/*
 * Has one that counts left one? Else their logs are all there is of them, and the next dump is
 * the first.
 */
static bool has_whole_dump(struct store *store, const struct store_entries *near,
			   const struct lives *all)
{
	struct store_entry entry;
	struct err ignored;

	for (unsigned i = 0; i < near->n; i++) {
		__atomic_fetch_add(near->alive, 1, __ATOMIC_RELAXED);
		if (counts(all, &near->at[i]) &&
		    store_look(store, near->at[i].name, &entry, &ignored) &&
		    entry.kind == STORE_WHOLE)
			return true;
	}
	return false;
}

/* Those of its span, and their manifests. */
struct looking {
	const struct past *past;
	struct store_entries near;
	struct lives lives;	/* there is room for as many as near ones */
	char *text;		/* of one manifest */
};

static bool take_memory(struct looking *l, struct err *e)
{
	struct arena *arena = l->past->arena;

	l->near = (struct store_entries){ .max = MAX_NEAR, .alive = l->past->alive };
	l->near.at = arena_take(arena, MAX_NEAR, sizeof(*l->near.at), "crashes", e);
	l->lives.at = arena_take(arena, MAX_NEAR, sizeof(*l->lives.at), "crashes", e);
	l->text = arena_take(arena, PAST_MANIFEST_LEN, 1, "manifest", e);
	return l->near.at && l->lives.at && l->text;
}

/* Each crash once, and not this one. False: there was not enough time. */
static bool read_lives(struct looking *l, struct err *e)
{
	const struct crash_id *id = l->past->id;

	for (unsigned i = 0; i < l->near.n; i++) {
		struct life *life = &l->lives.at[l->lives.n];

		__atomic_fetch_add(l->near.alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(l->past->store, e))
			return false;
		*life = life_of(l->past->store, &l->near.at[i], l->text);
		l->near.at[i].boot = life->boot;
		l->lives.n += !is_told_twice(&l->lives, life) &&
			      !(id->boot && life->boot == id->boot && life->when == id->when);
	}
	return true;
}

/* e says why, or why not although it looks like one; with a code that nobody knows. */
static bool is_loop(const struct past *past, const struct crash_loop *loop, struct err *e)
{
	char window[SECONDS_TEXT];
	const struct crash_id *id = past->id;
	const struct store_span span = { .host = id->host, .from = id->when - loop->window_s,
					 .to = id->when + loop->window_s,
					 .but = id->folder ? id->folder : "" };
	struct looking l = { .past = past };
	const char *why_not;
	unsigned n_counted;

	if (!take_memory(&l, e) || !store_near(past->store, &span, &l.near, e))
		return within(e, "earlier crashes are not counted");
	if (l.near.n < loop->n)
		return fail(e, 0, "%s", "");
	if (!read_lives(&l, e))
		return within(e, "earlier crashes are not counted");
	n_counted = count_chain(&l.lives, id->boot);
	if (l.lives.n < loop->n)
		return fail(e, 0, "%s", "");
	if (n_counted < loop->n)
		why_not = "boots without one in between";
	else if (!is_short(&l.lives, id->uptime_s, loop))
		why_not = "the machine was up for too long for a loop";
	else if (!has_whole_dump(past->store, &l.near, &l.lives))
		why_not = "none of them has left a whole dump";
	else
		why_not = NULL;
	if (why_not)
		return fail(e, 0, "%u crashes close together by the clock, but %s", l.lives.n,
			    why_not);
	number_format_seconds(loop->window_s, window);
	err_set(e, 0, "crash loop: %u %s within %s; only the log is kept", n_counted,
		n_counted == 1 ? "crash" : "crashes", window);
	return true;
}

bool earlier_crashes_are_loop(const struct past *past, const struct crash_loop *loop,
			      struct err *e)
{
	size_t mark = arena_mark(past->arena);
	bool yes;

	err_set(e, 0, "%s", "");
	if (!loop->n)
		return false;
	past->store->ours_only = true;
	past->store->until = monotonic_seconds() + PAST_COUNT_S;
	yes = is_loop(past, loop, e);
	arena_release(past->arena, mark);
	return yes;
}

/* Of one crash; false: it had no whole dump, or one too small to tell. */
static bool pace_of(struct store *store, const struct store_entry *entry, char *text,
		    struct pace *pace)
{
	struct json_value manifest;

	return store_manifest(store, entry->name, text, PAST_MANIFEST_LEN, &manifest) &&
	       pace_of_manifest(pace, &manifest);
}

bool earlier_crashes_pace(const struct past *past, struct pace *pace)
{
	const struct store_span all = { .host = past->id->host, .from = INT64_MIN,
					.to = INT64_MAX, .but = "" };
	size_t mark = arena_mark(past->arena);
	struct store_entry entries[PACE_TRIES];
	struct store_entries newest = { entries, PACE_TRIES, 0, past->alive };
	struct err e;
	char *text = arena_take(past->arena, PAST_MANIFEST_LEN, 1, "manifest", &e);
	bool found = false;

	past->store->ours_only = true;
	past->store->until = monotonic_seconds() + PAST_COUNT_S;
	if (text && store_near(past->store, &all, &newest, &e))
		while (newest.n-- && !found && store_has_time(past->store, &e))
			found = pace_of(past->store, &entries[newest.n], text, pace);
	arena_release(past->arena, mark);
	return found;
}

static void remove_chosen(struct store *store, const struct store_entries *old)
{
	unsigned n_gone = 0;
	struct err e;

	for (unsigned i = 0; i < old->n; i++) {
		__atomic_fetch_add(old->alive, 1, __ATOMIC_RELAXED);
		if (!old->at[i].goes)
			continue;
		if (!store_has_time(store, &e)) {
			log_warn("old dumps are left for another time: %s", e.text);
			break;
		}
		if (store_remove(store, &old->at[i], &e))
			n_gone++;
		else
			log_warn("old dump %s: %s", old->at[i].name, e.text);
	}
	if (n_gone)
		log_info("%u old dumps removed", n_gone);
}

/* By the boots' numbers where a clock was wrong. */
static bool order(const struct past *past, struct store_entries *old)
{
	int64_t when = past->id->when;
	char *text = NULL;
	struct err e;

	if (retention_needs_boots(old, when)) {
		text = arena_take(past->arena, PAST_MANIFEST_LEN, 1, "manifest", &e);
		if (!text) {
			log_warn("old dumps are not removed: %s", e.text);
			return false;
		}
	}
	for (unsigned i = 0; i < old->n && text; i++) {
		__atomic_fetch_add(old->alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(past->store, &e)) {
			log_warn("old dumps are not removed: %s", e.text);
			return false;
		}
		old->at[i].boot = life_of(past->store, &old->at[i], text).boot;
	}
	retention_order(old, when);
	return true;
}

/* Those that go, but for the last of each fault if these are spared. */
static bool choose(const struct past *past, const struct retention *rule,
		   struct store_entries *old, bool spares_faults)
{
	struct err e;
	char *text;

	retention_leave_others(old);
	retention_choose(rule, old);
	if (!spares_faults)
		return true;
	text = arena_take(past->arena, PAST_MANIFEST_LEN, 1, "manifest", &e);
	if (!text) {
		log_warn("old dumps are not removed: %s", e.text);
		return false;
	}
	same_crashes_spare_last(past->store, old, text, PAST_MANIFEST_LEN);
	return true;
}

void earlier_crashes_remove(const struct past *past, const struct keeping *keeping,
			    bool is_whole)
{
	struct store_entries old = { .max = MAX_PAST, .alive = past->alive };
	size_t mark = arena_mark(past->arena);
	struct store *store = past->store;
	struct retention rule;
	struct err e;

	retention_init(&rule);
	if (is_whole)
		retention_keep(&rule, keeping->keep);
	else
		rule.keep[STORE_LOG] = RETAIN_LOGS;
	rule.first = past->id->folder;
	old.at = arena_take(past->arena, MAX_PAST, sizeof(*old.at), "old dumps", &e);
	if (!old.at) {
		log_warn("old dumps are not removed: %s", e.text);
		return;
	}
	store->ours_only = true;
	store->until = monotonic_seconds() + REMOVE_S;
	if (!store_list(store, past->id->host, &old, &e)) {
		log_warn("old dumps are not removed: %s", e.text);
	} else if (order(past, &old) && choose(past, &rule, &old, keeping->spares_faults)) {
		remove_chosen(store, &old);
	}
	arena_release(past->arena, mark);
}
