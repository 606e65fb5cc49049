/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways of sending a file elsewhere. Each is a row, in a file way_NAME.c; a further one is a
 * file and its name in the table of ship_way.c.
 */
#ifndef SHIP_SHIP_WAY_H
#define SHIP_SHIP_WAY_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "crash_record.h"

struct arena;
struct config;
struct err;
struct ship_file;
struct ship_way;

#define SHIP_ID_MAX 17

/* Codes of a send() that has failed by one file alone, so that others may go all the same. */
#define SHIP_BAD_FILE EILSEQ	/* it is not as it was listed, or as it should be */
#define SHIP_REFUSED EBADMSG	/* the place answers, and does not take it */

/* One run to one place. All is borrowed. */
struct ship_job {
	struct config *config;		/* where to, and how servers are spoken to */
	const char *root;		/* "" but in tests */
	const char *ssh;		/* OpenSSH's client */
	struct arena *arena;
	uint64_t *alive;		/* counts steps */
	bool dry_run;
	/* Is told of each file that is confirmed now, or would be sent. */
	void (*each)(void *ctx, const struct ship_file *file, bool was_there);
	void *ctx;

	/* ---- ship_open()'s ---- */
	const struct ship_way *way;
	char id[SHIP_ID_MAX];		/* of the place, in records */
	void *own;			/* what only its way knows */
	bool is_open;
};

struct ship_sending {
	const struct ship_file *file;	/* with its sha */
	struct crash_record *record;	/* of its crash: what was sent under this name before */
	bool was_there;			/* set: there was nothing to send */
};

struct ship_way {
	bool (*is)(const struct config *config);
	bool (*open)(struct ship_job *j, struct err *e);
	/*
	 * True: the place has confirmed that it has these bytes. EEXIST, ENAMETOOLONG,
	 * SHIP_BAD_FILE, SHIP_REFUSED: it is this file; else it is the place.
	 */
	bool (*send)(struct ship_job *j, struct ship_sending *s, struct err *e);
	void (*close)(struct ship_job *j);	/* NULL: there is nothing to do */
};

extern const struct ship_way way_s3, way_sftp, way_command;

/* Who it goes to, and its id. False: nothing is asked for, or it is not clear. */
bool ship_find_way(struct ship_job *j, struct err *e);

/* The line of a record that says that a file was confirmed; the same up to its SHA-256. */
void ship_line(const struct ship_job *j, const struct ship_file *file, bool whole,
	       char line[RECORD_LINE]);

/* Did we put what has that SHA-256 under this file's name? */
bool ship_was_ours(const struct ship_job *j, const struct ship_sending *s, const char *sha);

#endif
