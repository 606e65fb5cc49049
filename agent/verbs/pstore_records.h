/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the firmware kept of crashes: pstore's records of kernel logs, and those of our own
 * captures, each a piece of one, as files. Which belong together, and in which order.
 */
#ifndef VERBS_PSTORE_RECORDS_H
#define VERBS_PSTORE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

#define PSTORE_RECORDS_MAX 1024
#define PSTORE_PATH_MAX 320

struct pstore_record {
	char path[PSTORE_PATH_MAX];
	int64_t when;		/* by the name, else of the file */
	unsigned nr, part;	/* the nr-th time that this boot dumped its log; 1: its end */
	bool is_archived;	/* systemd-pstore has moved it to its own folder */
	bool is_variable;	/* our own capture has put it into an EFI variable */
	unsigned head_len;	/* bytes up to the log: a line that says so, "Panic#2 Part1" */
};

struct pstore_records {
	struct pstore_record at[PSTORE_RECORDS_MAX];
	unsigned n;
	unsigned n_packed;	/* that the kernel could not unpack: passed over */
	unsigned n_more;	/* for which there was no room: for the next time */
};

/* One crash: records of the list, one behind the other. */
struct pstore_crash {
	unsigned first, n;
	int64_t when;
};

/* Adds those below a folder, three levels deep. ENOENT: it is not there. */
bool pstore_find(struct pstore_records *all, const char *folder, struct err *e);

/*
 * The same of an archive, where each stays for ever, but for those whose paths are lines of
 * `taken`. An archive that is not there has none.
 */
bool pstore_find_archived(struct pstore_records *all, const char *folder, const char *taken,
			  struct err *e);

/*
 * What our own captures have left in EFI variables, whose folder that is (machine/efi_log.h).
 * A folder that is not there has none.
 */
bool pstore_find_variables(struct pstore_records *all, const char *folder, struct err *e);

/* Removes it from where it takes room. */
bool pstore_remove(const struct pstore_record *r, struct err *e);

/* Is that path a line of the text? */
bool pstore_is_taken(const char *taken, const char *path);

/* In the order of crashes; then pstore_next() knows which are of one. */
void pstore_sort(struct pstore_records *all);

/*
 * The crash behind *c, or with n == 0 the first: dumps of one boot that came within two
 * minutes of each other. False: there is none.
 */
bool pstore_next(const struct pstore_records *all, struct pstore_crash *c);

/*
 * The log of a crash in the arena, all of its records from the oldest to the newest; what two
 * dumps of it both have is there once.
 */
bool pstore_log(const struct pstore_records *all, const struct pstore_crash *c,
		struct arena *arena, char **text_ret, size_t *len_ret, struct err *e);

#endif
