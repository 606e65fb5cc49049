/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that the folder of a saved crash may have, by name. No other file names them. */
#ifndef TARGETS_CRASH_FILES_H
#define TARGETS_CRASH_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* In the order in which they are removed: what a cut removal leaves must not look whole. */
enum crash_file {
	CRASH_DUMP,		/* the pages of the crashed machine */
	CRASH_EARLIER,		/* a longer part of them, of an attempt before */
	CRASH_DMESG,		/* the crashed kernel's log */
	CRASH_KMSG,		/* the log of the kernel that saved it, and ours */
	CRASH_REPORT,		/* what the crash was, for people */
	CRASH_REPORT_JSON,	/* and for programs */
	CRASH_MANIFEST,		/* what is known of all these */
	N_CRASH_FILES,
};

#define CRASH_SEALED ".age"	/* behind the name of one that is encrypted */

struct crash_file_row {
	const char *name;	/* until it is whole, that of sink_part_name() */
	bool has_pages;
	bool must_be_free;	/* a folder that has one is another crash's */
};

/* A file's name without what says that it is encrypted; returns its length. */
size_t crash_file_plain(const char *name, char *plain, size_t size);

extern const struct crash_file_row crash_files[N_CRASH_FILES];

#endif
