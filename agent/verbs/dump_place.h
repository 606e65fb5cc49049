/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where dumps lie, seen from the healthy machine: a folder, or a target that is reached. */
#ifndef VERBS_DUMP_PLACE_H
#define VERBS_DUMP_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/config.h"
#include "targets/store.h"
#include "targets/target.h"

#define MAX_DUMPS 4096		/* in one place, the newest */

/* What all places of one run of a verb share; in memory of guard_share(). */
struct dump_places {
	struct config config;
	const char *config_file;	/* NULL: DEFAULT_CONFIG */
	const char *ssh;		/* OpenSSH's client, NULL: the first that is there */
	bool to_write;
	struct arena arena;
	uint64_t steps;			/* goes up as long as something answers */
	struct err why;			/* of a visit's child */
	bool is_done;
};

struct dump_place {
	const char *words;	/* as in the configuration or on the command line */
	struct target target;
	struct store store;
};

/* Takes memory, reads the configuration. With wanted unset it need not be there. */
bool dump_places_init(struct dump_places *p, bool config_wanted, struct err *e);
void dump_places_deinit(struct dump_places *p);

/* Why a place could not be used, on standard error; what names it already is said once. */
void dump_place_say(const char *words, const struct err *e);

/* The same where the configuration has none. */
void dump_places_say_none(const struct dump_places *p);

/*
 * Opens a TARGET or a DIR and does work on it, in a child: a server that is gone, or a file
 * system of one, may hold whoever touches it for ever. What the work changes stays where
 * memory is shared. False says why the place cannot be reached, or why the work failed.
 */
bool dump_place_visit(struct dump_places *p, const char *words,
		      bool (*work)(void *ctx, struct dump_place *at, struct err *e), void *ctx,
		      struct err *e);

#endif
