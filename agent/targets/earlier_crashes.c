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
#include "crash_files.h"
#include "crashloop.h"
#include "retention.h"
#include "store.h"

#define MAX_NEAR 128	/* crashes of a span */
#define MANIFEST_LEN (64u << 10)
#define MAX_PAST 1024	/* crashes of this host that are looked at, the newest */
#define COUNT_S 10	/* for the count, which the dump waits for */
#define RATE_TRIES 8	/* crashes whose manifests are asked how fast it went */
#define RATE_LEN (8u << 20)	/* of a dump that is worth measuring */
#define RATE_MAX_MS (7u * 86400 * 1000)
#define REMOVE_S 30	/* for removing; what is left goes another time */

/* What the manifest of an earlier crash tells; 0 is not known, and proves nothing. */
struct life {
	uint64_t uptime_s, boot;
	int64_t when;
	bool counts;
};

static void read_life(struct life *life, struct store *s, const struct store_entry *entry,
		      char *text)
{
	struct json_value manifest;
	struct err ignored;
	size_t len;

	*life = (struct life){ .when = entry->when, .counts = true };
	if (!s->ops->read(s, entry->name, crash_files[CRASH_MANIFEST].name, 0, text,
			  MANIFEST_LEN, &len, &ignored) ||
	    !json_read(&manifest, text, len, &ignored))
		return;
	life->uptime_s = json_count(&manifest, "uptime_seconds");
	life->boot = json_count(&manifest, "boot");
}

/* A disk that is named twice has two folders of one crash: a boot ends but once. */
static bool is_told_twice(const struct life *lives, unsigned n, const struct life *life)
{
	for (unsigned i = 0; i < n; i++)
		if (lives[i].boot && lives[i].boot == life->boot &&
		    lives[i].when == life->when)
			return true;
	return false;
}

/*
 * From our boot back as long as each has crashed: what lies before a boot that did not is
 * over. A number above ours is of another count.
 */
static unsigned count_chain(struct life *lives, unsigned n, unsigned boot)
{
	unsigned first = boot, n_counted = 0;
	bool found = boot > 0;

	while (found) {
		found = false;
		for (unsigned i = 0; i < n; i++)
			found |= lives[i].boot && lives[i].boot + 1 == first;
		first -= found;
	}
	for (unsigned i = 0; i < n; i++) {
		lives[i].counts = !lives[i].boot || lives[i].boot >= first;
		n_counted += lives[i].counts;
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
static bool is_short(const struct life *lives, unsigned n, uint64_t own_s,
		     const struct crash_loop *loop)
{
	uint64_t least[CRASH_LOOP_MAX], sum = 0;
	unsigned n_least = 0, wanted = loop->n - 1;

	for (unsigned i = 0; i < n && wanted; i++)
		if (lives[i].counts)
			sum = keep_smallest(least, &n_least, wanted, lives[i].uptime_s);
	return own_s <= loop->window_s && sum <= loop->window_s - own_s;
}

/* What is looked at, and with what. */
struct past {
	struct store_entry *near;
	unsigned n;
	char *text;
	uint64_t *alive;
};

/* Else their logs are all there is of them, and the next dump is the first. */
static bool has_whole_dump(struct store *store, struct store_entry *entries, unsigned n,
			   uint64_t *alive)
{
	struct store_entry entry;
	struct err ignored;

	for (unsigned i = 0; i < n; i++) {
		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		if (store_look(store, entries[i].name, &entry, &ignored) &&
		    entry.kind == STORE_WHOLE)
			return true;
	}
	return false;
}

/* Each crash once, and not this one. False: there was not enough time. */
static bool read_lives(struct life *lives, unsigned *n_ret, struct store *store,
		       const struct crash_id *id, struct past *past, struct err *e)
{
	unsigned n = 0;

	for (unsigned i = 0; i < past->n; i++) {
		struct life *life = &lives[n];

		__atomic_fetch_add(past->alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(store, e))
			return false;
		read_life(life, store, &past->near[i], past->text);
		n += !is_told_twice(lives, n, life) &&
		     !(id->boot && life->boot == id->boot && life->when == id->when);
	}
	*n_ret = n;
	return true;
}

/* e says why, or why not although it looks like one; with a code that nobody knows. */
static bool is_loop(struct store *store, const struct crash_id *id,
		    const struct crash_loop *loop, struct arena *arena,
			      uint64_t *alive,
		    struct err *e)
{
	char window[SECONDS_TEXT];
	const struct store_span span = { .host = id->host, .from = id->when - loop->window_s,
					 .to = id->when + loop->window_s,
					 .but = id->folder ? id->folder : "" };
	struct store_entry *near = arena_take(arena, MAX_NEAR, sizeof(*near), "crashes", e);
	struct life *lives = arena_take(arena, MAX_NEAR, sizeof(*lives), "crashes", e);
	char *text = arena_take(arena, MANIFEST_LEN, 1, "manifest", e);
	struct past past = { .near = near, .text = text, .alive = alive };
	const char *why_not;
	unsigned n, n_counted;

	if (!near || !lives || !text ||
	    !store_near(store, &span, near, MAX_NEAR, &n, alive, e))
		return within(e, "earlier crashes are not counted");
	if (n < loop->n)
		return fail(e, 0, "%s", "");
	past.n = n;
	if (!read_lives(lives, &n, store, id, &past, e))
		return within(e, "earlier crashes are not counted");
	n_counted = count_chain(lives, n, id->boot);
	if (n < loop->n)
		return fail(e, 0, "%s", "");
	if (n_counted < loop->n)
		why_not = "boots without one in between";
	else if (!is_short(lives, n, id->uptime_s, loop))
		why_not = "the machine was up for too long for a loop";
	else if (!has_whole_dump(store, near, past.n, alive))
		why_not = "none of them has left a whole dump";
	else
		why_not = NULL;
	if (why_not)
		return fail(e, 0, "%u crashes close together by the clock, but %s", n, why_not);
	number_format_seconds(loop->window_s, window);
	err_set(e, 0, "crash loop: %u %s within %s; only the log is kept", n_counted,
		n_counted == 1 ? "crash" : "crashes", window);
	return true;
}

bool earlier_crashes_are_loop(struct store *store, const struct crash_id *id,
			      const struct crash_loop *loop, struct arena *arena,
			      uint64_t *alive,
			      struct err *e)
{
	size_t mark = arena_mark(arena);
	bool yes;

	err_set(e, 0, "%s", "");
	if (!loop->n)
		return false;
	store->ours_only = true;
	store->until = monotonic_seconds() + COUNT_S;
	yes = is_loop(store, id, loop, arena, alive, e);
	arena_release(arena, mark);
	return yes;
}

/* Of one crash, in bytes of a dump and a second; 0: it had none, or too little to tell. */
static uint64_t rate_of(struct store *store, const struct store_entry *entry, char *text)
{
	static const char *const stages[] = { "seconds.copy", "seconds.sync",
					      "seconds.verify" };
	struct json_value manifest;
	uint64_t len, holes, ms = 0;
	struct err ignored;
	size_t text_len;

	if (!store->ops->read(store, entry->name, crash_files[CRASH_MANIFEST].name, 0, text,
			      MANIFEST_LEN, &text_len, &ignored) ||
	    !json_read(&manifest, text, text_len, &ignored) ||
	    !json_is_true(&manifest, "complete.value"))
		return 0;
	len = json_count(&manifest, "bytes.dump");
	holes = json_count(&manifest, "bytes.dump_holes");
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		uint64_t more = json_millis(&manifest, stages[i]);

		ms += more < RATE_MAX_MS ? more : RATE_MAX_MS;
	}
	if (holes > len || len - holes < RATE_LEN || len > UINT64_MAX / 1000 || !ms)
		return 0;
	return (len - holes) * 1000 / ms;
}

uint64_t earlier_crashes_rate(struct store *store, const char *host, struct arena *arena,
			      uint64_t *alive)
{
	const struct store_span all = { .host = host, .from = INT64_MIN, .to = INT64_MAX,
					.but = "" };
	size_t mark = arena_mark(arena);
	struct store_entry entries[RATE_TRIES];
	struct err e;
	char *text = arena_take(arena, MANIFEST_LEN, 1, "manifest", &e);
	uint64_t rate = 0;
	unsigned n;

	store->ours_only = true;
	store->until = monotonic_seconds() + COUNT_S;
	if (text && store_near(store, &all, entries, RATE_TRIES, &n, alive, &e))
		while (n-- && !rate && store_has_time(store, &e))
			rate = rate_of(store, &entries[n], text);
	arena_release(arena, mark);
	return rate;
}

static void remove_chosen(struct store *store, const struct store_entry *entries,
			  unsigned n, uint64_t *alive)
{
	unsigned n_gone = 0;
	struct err e;

	for (unsigned i = 0; i < n; i++) {
		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		if (!entries[i].goes)
			continue;
		if (!store_has_time(store, &e)) {
			log_warn("old dumps are left for another time: %s", e.text);
			break;
		}
		if (store_remove(store, &entries[i], &e))
			n_gone++;
		else
			log_warn("old dump %s: %s", entries[i].name, e.text);
	}
	if (n_gone)
		log_info("%u old dumps removed", n_gone);
}

/* By the boots' numbers where a clock was wrong. */
static bool order(struct store *store, struct store_entry *entries, unsigned n,
		  const struct crash_id *id, struct arena *arena, uint64_t *alive)
{
	char *text = NULL;
	struct err e;

	if (retention_needs_boots(entries, n, id->when))
		text = arena_take(arena, MANIFEST_LEN, 1, "manifest", &e);
	for (unsigned i = 0; i < n && text; i++) {
		struct life life;

		__atomic_fetch_add(alive, 1, __ATOMIC_RELAXED);
		if (!store_has_time(store, &e)) {
			log_warn("old dumps are not removed: %s", e.text);
			return false;
		}
		read_life(&life, store, &entries[i], text);
		entries[i].boot = life.boot;
	}
	retention_order(entries, n, id->when);
	return true;
}

void earlier_crashes_remove(struct store *store, const struct crash_id *id, unsigned keep,
			    bool is_whole,
			    struct arena *arena, uint64_t *alive)
{
	size_t mark = arena_mark(arena);
	struct store_entry *entries;
	struct retention rule;
	struct err e;
	unsigned n;

	retention_init(&rule);
	if (is_whole)
		retention_keep(&rule, keep);
	else
		rule.keep[STORE_LOG] = RETAIN_LOGS;
	rule.first = id->folder;
	entries = arena_take(arena, MAX_PAST, sizeof(*entries), "old dumps", &e);
	if (!entries) {
		log_warn("old dumps are not removed: %s", e.text);
		return;
	}
	store->ours_only = true;
	store->until = monotonic_seconds() + REMOVE_S;
	if (!store_list(store, id->host, entries, MAX_PAST, &n, alive, &e)) {
		log_warn("old dumps are not removed: %s", e.text);
	} else if (order(store, entries, n, id, arena, alive)) {
		retention_leave_others(entries, n);
		retention_choose(&rule, entries, n);
		remove_chosen(store, entries, n, alive);
	}
	arena_release(arena, mark);
}
