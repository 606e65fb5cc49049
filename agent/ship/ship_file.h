/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a saved crash in the order in which they are sent, what they add up to, and
 * reading one at a given rate. Folders are others' as well: a file is one that we write, of
 * the length that it was listed with, or nothing is sent of it.
 */
#ifndef SHIP_SHIP_FILE_H
#define SHIP_SHIP_FILE_H

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/crash_files.h"
#include "targets/sink.h"

struct crash_record;
struct err;
struct json_value;
struct store;

#define SHIP_SHA_LEN 65	/* in hex, with a NUL */

struct ship_file {
	struct store *store;		/* where it lies; borrowed, and so is the folder */
	const char *folder;
	char name[SINK_NAME_MAX];
	uint64_t len;
	bool is_dump;			/* it has pages of the machine: large, and last */
	char sha[SHIP_SHA_LEN];		/* "" not known */
};

#define SHIP_FILES_MAX (4 * N_CRASH_FILES)	/* whole or not, encrypted or not */

struct ship_files {
	struct ship_file at[SHIP_FILES_MAX];
	unsigned n;
};

/* Report, log and manifest first. Only names that a capture writes. */
bool ship_files_list(struct ship_files *f, struct store *s, const char *folder, struct err *e);

/* Has the record be of the crash whose files these are, by its manifest and its log. */
void ship_files_own(struct ship_files *f, struct crash_record *r, uint64_t *alive);

/* Reading one from front to back. */
struct ship_reader {
	const struct ship_file *file;
	unsigned rate_kib;	/* a second; 0: as fast as it goes */
	uint64_t *alive;	/* counts steps */
	uint64_t off;
	double began;
	struct sha256_ctx sha;
};

void ship_reader_begin(struct ship_reader *r, const struct ship_file *file, unsigned rate_kib,
		       uint64_t *alive);

/* From here on at this rate. */
void ship_reader_slow(struct ship_reader *r, unsigned rate_kib);

/* The next len bytes, which must be there: EILSEQ. */
bool ship_read(struct ship_reader *r, void *buf, size_t len, struct err *e);

/* Of what was read so far. */
void ship_reader_sum(struct ship_reader *r, char sha[SHIP_SHA_LEN]);

/* At its end: is it what file->sha says, and no longer? EILSEQ. */
bool ship_reader_agrees(struct ship_reader *r, struct err *e);

/*
 * Reads all of it, and sets sha. What the manifest (NULL: there is none) says of a dump must
 * be so: EILSEQ.
 */
bool ship_file_sum(struct ship_file *f, const struct json_value *manifest, uint64_t *alive,
		   struct err *e);

/* Of bytes in memory; and the end of a sum, in hex. */
void ship_sum(const void *at, size_t len, char sha[SHIP_SHA_LEN]);
void ship_digest(struct sha256_ctx *ctx, char sha[SHIP_SHA_LEN]);

#endif
