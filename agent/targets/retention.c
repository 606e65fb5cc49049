/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which crashes go. Each kind is counted by itself: logs never push out a dump, and a
 * dump that was cut never one that is whole.
 */
#include "retention.h"

#include <stdlib.h>
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

unsigned retention_leave_others(struct store_entries *all)
{
	unsigned n_others = 0;

	for (unsigned i = 0; i < all->n; i++) {
		if (all->at[i].has_manifest || all->at[i].kind == STORE_OTHER)
			continue;
		all->at[i].kind = STORE_OTHER;
		n_others++;
	}
	return n_others;
}

#define FIRST_CLOCK 1577836800	/* 2020: who crashed before that had no clock */
#define CLOCK_SLACK_S 86400	/* the clock of now may be a bit behind */

static bool has_clock(int64_t when, int64_t now)
{
	return when >= FIRST_CLOCK && (now < FIRST_CLOCK || when <= now + CLOCK_SLACK_S);
}

bool retention_needs_boots(const struct store_entries *all, int64_t now)
{
	for (unsigned i = 0; i < all->n; i++)
		if (!has_clock(all->at[i].when, now))
			return true;
	return false;
}

static bool is_of_host(const struct store_entry *a, const struct store_entry *b)
{
	return a->host_len == b->host_len && !memcmp(a->name, b->name, a->host_len);
}

/* Entries with a clock are ranked already: behind the last of those with an earlier boot. */
static unsigned rank_by_boot(const struct store_entries *all, const struct store_entry *entry)
{
	unsigned rank = 0;

	for (unsigned i = 0; i < all->n && entry->boot; i++)
		if (!all->at[i].is_ageless && all->at[i].boot &&
		    all->at[i].boot < entry->boot && is_of_host(&all->at[i], entry))
			rank = all->at[i].rank;
	return rank;
}

static int by_rank(const void *a, const void *b)
{
	const struct store_entry *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	/* Of one rank, one with a clock comes first. */
	if (x->is_ageless != y->is_ageless)
		return x->is_ageless ? 1 : -1;
	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	return x->when != y->when ? (x->when > y->when) - (x->when < y->when)
				  : strcmp(x->name, y->name);
}

void retention_order(struct store_entries *all, int64_t now)
{
	for (unsigned i = 0; i < all->n; i++) {
		all->at[i].is_ageless = !has_clock(all->at[i].when, now);
		all->at[i].rank = i + 1;
	}
	for (unsigned i = 0; i < all->n; i++)
		if (all->at[i].is_ageless)
			all->at[i].rank = rank_by_boot(all, &all->at[i]);
	qsort(all->at, all->n, sizeof(all->at[0]), by_rank);
}

static bool is_first(const struct retention *r, const struct store_entry *entry)
{
	return r->first && !strcmp(entry->name, r->first);
}

/* How many of its host and kind are newer, in a list that begins with the oldest. */
static unsigned count_newer(const struct retention *r, const struct store_entries *all,
			    unsigned nr)
{
	const struct store_entry *entry = &all->at[nr];
	unsigned newer = 0;

	for (unsigned i = 0; i < all->n; i++) {
		const struct store_entry *other = &all->at[i];

		if (i != nr && other->kind == entry->kind &&
		    is_of_host(other, entry) &&
		    (i > nr || is_first(r, other)))
			newer++;
	}
	return newer;
}

void retention_choose(const struct retention *r, struct store_entries *all)
{
	for (unsigned i = 0; i < all->n; i++) {
		struct store_entry *entry = &all->at[i];
		bool old = r->by_age && !entry->is_ageless && entry->when < r->older_than;
		unsigned newer;

		entry->goes = false;
		if (entry->kind == STORE_OTHER || is_first(r, entry) ||
		    (r->spare_owed && entry->is_owed))
			continue;
		newer = count_newer(r, all, i);
		if (entry->kind == STORE_WHOLE && r->spare_newest && !newer)
			continue;
		if (entry->kind != STORE_WHOLE && r->spare_busy &&
		    entry->when >= r->busy_since)
			continue;
		entry->goes = old || newer >= r->keep[entry->kind];
	}
}
