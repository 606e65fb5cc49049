/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The policy is sink/retention's; here it meets a target. */
#include "past.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "machine/crashloop.h"
#include "sink/retention.h"
#include "sink/store.h"
#include "target.h"

#define MAX_PAST 1024	/* crashes of this host that are looked at, the newest */

bool past_is_loop(const struct target *t, const struct crash_id *id,
		  const struct crash_loop *loop, uint64_t *alive, char why[200])
{
	char window[SECONDS_TEXT];
	struct store store;
	unsigned n = 0;
	struct err e;

	if (!loop->n)
		return false;
	if (!target_store(t, &store, &e)) {
		log_warn("earlier crashes are not counted: %s", e.text);
		return false;
	}
	if (!store_count(&store, id->host, id->when, loop->window_s, id->folder, &n, alive,
			 &e))
		log_warn("earlier crashes are not counted: %s", e.text);
	store.ops->close(&store);
	if (n < loop->n)
		return false;
	number_format_seconds(loop->window_s, window);
	snprintf(why, 200, "crash loop: %u %s within %s; only the log is kept", n,
		 n == 1 ? "crash" : "crashes", window);
	return true;
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
		if (store_remove(store, &entries[i], &e))
			n_gone++;
		else
			log_warn("old dump %s: %s", entries[i].name, e.text);
	}
	if (n_gone)
		log_info("%u old dumps removed", n_gone);
}

void past_remove(const struct target *t, const struct crash_id *id, unsigned keep,
		 bool is_whole, struct arena *arena, uint64_t *alive)
{
	size_t mark = arena_mark(arena);
	struct store_entry *entries;
	struct retention rule;
	struct store store;
	struct err e;
	unsigned n;

	retention_init(&rule);
	if (is_whole)
		retention_keep(&rule, keep);
	else
		rule.keep[STORE_LOG] = RETAIN_LOGS;
	rule.first = id->folder;
	entries = arena_take(arena, MAX_PAST, sizeof(*entries), "old dumps", &e);
	if (!entries || !target_store(t, &store, &e)) {
		log_warn("old dumps are not removed: %s", e.text);
		return;
	}
	if (store_list(&store, id->host, entries, MAX_PAST, &n, alive, &e)) {
		retention_choose(&rule, entries, n);
		remove_chosen(&store, entries, n, alive);
	} else {
		log_warn("old dumps are not removed: %s", e.text);
	}
	store.ops->close(&store);
	arena_release(arena, mark);
}
