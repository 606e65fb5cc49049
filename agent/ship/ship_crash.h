/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sending what a crash has left, and what is known of that afterwards. */
#ifndef SHIP_SHIP_CRASH_H
#define SHIP_SHIP_CRASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/folder_name.h"

struct err;
struct ship_job;
struct store;
struct store_entry;

/* One saved crash, and room for its manifest. */
struct ship_crash {
	struct store *store;
	const struct store_entry *entry;
	char *text;
	size_t text_len;
	bool dumps;	/* the dumps of it, else all the rest */
};

/* What came of all that were handed to ship_crash() with it. */
struct ship_counts {
	unsigned n_sent, n_there;	/* files: now, and such as were there already */
	uint64_t sent_len;
	unsigned n_bad;			/* that are not what they should be, or are not taken */
	unsigned n_refused;		/* in a row, by a place that answers */
	unsigned n_removed;
};

/*
 * Sends what is not known to be there. False: the place does not take it, and the rest is of
 * no use now. bad: is told of what is wrong with one file, which other crashes do not share.
 */
bool ship_crash(struct ship_job *j, const struct ship_crash *crash, struct ship_counts *counts,
		void (*bad)(const struct err *e), struct err *e);

/*
 * Of which host what lies on a target is ours to send: all, "", where it is no other machine's;
 * this one's where machines share it. False: of none, as it is off this machine already.
 */
bool ship_whose(const struct ship_job *j, const char *words, char host[FOLDER_HOST_MAX]);

/* Was all of that crash confirmed by the place that the job names? */
bool ship_is_done(const struct ship_job *j, struct store *store, const char *folder);

#endif
