/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each kind is counted by itself: logs never push out a dump, and a dump that was cut
 * never one that is whole.
 */
#include "retention.h"

#include <string.h>

void retention_init(struct retention *r)
{
	*r = (struct retention){ .spare_newest = true };
	for (int kind = 0; kind < N_STORE_KINDS; kind++)
		r->keep[kind] = RETAIN_ALL;
}

void retention_keep(struct retention *r, unsigned keep)
{
	r->keep[STORE_WHOLE] = r->keep[STORE_CUT] = keep;
	r->keep[STORE_LOG] = RETAIN_LOGS;
}

static bool is_first(const struct retention *r, const struct store_entry *entry)
{
	return r->first && !strcmp(entry->name, r->first);
}

/* How many of its host and kind are newer, in a list that begins with the oldest. */
static unsigned count_newer(const struct retention *r, const struct store_entry *entries,
			    unsigned n, unsigned nr)
{
	const struct store_entry *entry = &entries[nr];
	unsigned newer = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct store_entry *other = &entries[i];

		if (i != nr && other->kind == entry->kind &&
		    other->host_len == entry->host_len &&
		    !memcmp(other->name, entry->name, entry->host_len) &&
		    (i > nr || is_first(r, other)))
			newer++;
	}
	return newer;
}

void retention_choose(const struct retention *r, struct store_entry *entries, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct store_entry *entry = &entries[i];
		bool old = r->by_age && entry->when < r->older_than;
		unsigned newer;

		entry->goes = false;
		if (entry->kind == STORE_OTHER || is_first(r, entry))
			continue;
		newer = count_newer(r, entries, n, i);
		if (entry->kind == STORE_WHOLE && r->spare_newest && !newer)
			continue;
		if (entry->kind != STORE_WHOLE && r->spare_busy &&
		    entry->when >= r->busy_since)
			continue;
		entry->goes = old || newer >= r->keep[entry->kind];
	}
}
