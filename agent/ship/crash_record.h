/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine remembers of each crash: which files were confirmed elsewhere. A text file
 * a crash below STATE_DIR, where nobody but root writes; it only grows, a line at a time, each
 * on the disk before we go on.
 */
#ifndef SHIP_CRASH_RECORD_H
#define SHIP_CRASH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/root.h"

struct arena;
struct err;

#define RECORDS_DIR STATE_DIR "/crashes"
#define RECORD_LINE 512
#define RECORD_OF 160

struct crash_record {
	char path[HOST_PATH_MAX];
	char *text;		/* its whole lines */
	size_t size, len;
	char of[RECORD_OF];	/* its first line, before any other is added; "" none */
};

/*
 * Reads what there is, of a name that begins with that of the crash's folder. At most size
 * bytes, which the arena gives.
 */
bool crash_record_load(struct crash_record *r, const char *root, const char *name,
		       size_t size, struct arena *a, struct err *e);

/*
 * Without a clock a folder's name comes again: of, "crash MANIFEST LOG" with the SHA-256 of
 * both ("-": there is none), says which crash it is. Nothing is remembered of another one.
 */
void crash_record_be_of(struct crash_record *r, const char *of);

/* Is that a line of it? */
bool crash_record_has(const struct crash_record *r, const char *line);

/* Line nr of those that begin so; false behind the last. */
bool crash_record_line(const struct crash_record *r, const char *begin, unsigned nr,
		       char line[RECORD_LINE]);

/* Adds one, for good. */
bool crash_record_add(struct crash_record *r, const char *line, struct err *e);

/* All of it is gone. */
bool crash_record_remove(struct crash_record *r, struct err *e);

/*
 * Forgets crashes that were last heard of before `before`: has() is asked whether the crash
 * of a record, whose name begins with that of its folder, is there still.
 */
void crash_records_sweep(const char *root, int64_t before,
			 bool (*has)(void *ctx, const char *name), void *ctx);

/* Only one of us at a time. -1: e says why, EAGAIN that there is another one. */
int crash_records_lock(const char *root, struct err *e);

#endif
