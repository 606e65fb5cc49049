/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of ways of telling, and counting by faults. */
#include "tell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const struct tell_way *const ways[] = {
	&tell_journal, &tell_webhook, &tell_mail, &tell_textfile, &tell_motd,
};

static const struct tell_way *way_of(const char *words, const char **rest)
{
	size_t len = strcspn(words, ":");

	*rest = words + len + (words[len] == ':');
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strlen(ways[i]->name) == len && !strncmp(ways[i]->name, words, len))
			return ways[i];
	return NULL;
}

bool tell_is_of_crashes(const char *words)
{
	const char *rest;
	const struct tell_way *way = way_of(words, &rest);

	return way && way->crash;
}

bool tell_of_crash(const struct tell_to *to, const struct tell_crash *c, struct err *e)
{
	const char *rest;
	const struct tell_way *way = way_of(to->words, &rest);

	if (!way)
		return fail(e, EINVAL, "tell %s: there is no such way", to->words);
	return !way->crash || way->crash(to, rest, c, e) || within(e, "tell %s", way->name);
}

bool tell_totals(const struct tell_to *to, const struct tell_totals *t, struct err *e)
{
	const char *rest;
	const struct tell_way *way = way_of(to->words, &rest);

	return !way || !way->totals || way->totals(to, rest, t, e) ||
	       within(e, "tell %s", way->name);
}

/* The last row takes those that there is no room for. */
void tell_count(struct tell_totals *t, const struct tell_crash *c, int64_t when)
{
	struct tell_fault *fault;
	unsigned i = 0;

	while (i < t->n_faults && strcmp(t->faults[i].signature, c->signature))
		i++;
	if (i == TELL_FAULTS)
		i--;
	fault = &t->faults[i];
	if (i == t->n_faults) {
		t->n_faults++;
		snprintf(fault->signature, sizeof(fault->signature), "%s",
			 i == TELL_FAULTS - 1 ? "others" : c->signature);
		snprintf(fault->title, sizeof(fault->title), "%s",
			 i == TELL_FAULTS - 1 ? "" : c->title);
	}
	fault->n++;
	t->n_crashes++;
	if (when < t->last)
		return;
	t->last = when;
	snprintf(t->last_time, sizeof(t->last_time), "%s", c->time);
	snprintf(t->last_title, sizeof(t->last_title), "%s", c->title[0] ? c->title : c->panic);
}
