/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling of crashes that were found on targets, and remembering whom each was told to. */
#ifndef VERBS_TELL_CRASHES_H
#define VERBS_TELL_CRASHES_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "ship/tell.h"

struct arena;
struct store;
struct store_entry;

/* One run, in memory that is shared with who visits targets. */
struct telling {
	const struct config *config;
	const char *root;
	struct arena *arena;		/* given back */
	uint64_t *alive;		/* counts steps */
	char *text, *report;		/* TELL_TEXT bytes each */
	bool dry_run;

	struct tell_totals totals;
	bool is_broken[MAX_TELL];	/* it does not hear, and was said so */
	unsigned n_told;
};

#define TELL_TEXT (256u << 10)

/* Counts a crash, and tells it to those who have not heard of it. */
void tell_crash_found(struct telling *t, struct store *s, const struct store_entry *entry);

/* At the end: files that say how things stand. */
void tell_how_it_stands(struct telling *t);

/* Did anybody not hear? */
bool tell_has_failed(const struct telling *t);

/* What tell_how_it_stands() says of tests: one has ended well now. */
void tell_test_passed(const char *root);

#endif
