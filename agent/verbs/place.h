/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where dumps lie, seen from the healthy machine: a folder, or a target that is reached. */
#ifndef VERBS_PLACE_H
#define VERBS_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "machine/config.h"
#include "run/connect.h"
#include "sink/store.h"

#define MAX_DUMPS 4096		/* in one place, the newest */

/* What all places of one run of a verb share. */
struct places {
	struct config config;
	const char *config_file;	/* NULL: DEFAULT_CONFIG */
	const char *ssh;		/* OpenSSH's client, NULL: the first that is there */
	bool to_write;
	struct arena arena;
	uint64_t steps;			/* nobody watches us */
	char private_at[64];		/* our own folder to mount on, "" not yet */
	unsigned n_private;
};

struct place {
	const char *words;	/* as in the configuration or on the command line */
	char how[400];		/* "mounted at /srv" */
	struct store store;
	struct connection connection;
	char mount[80];		/* of our own, "" none */
};

/* Takes --json, --config and --ssh; optind is then where the rest begins. */
bool places_options(struct places *p, bool *as_json, int argc, char **argv);

/* Takes memory, reads the configuration. With wanted unset it need not be there. */
bool places_init(struct places *p, bool config_wanted, struct err *e);
void places_deinit(struct places *p);

/* Is it a target's words, and not the name of a folder? */
bool place_is_target(const char *words);

/* A TARGET or a DIR. False says why it cannot be reached. */
bool place_open(struct place *at, struct places *p, const char *words, struct err *e);
void place_close(struct place *at);

#endif
