/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink: a folder on an SFTP server. The same protocol as on a disk: a part file,
 * written by offset, synced, its length checked, renamed, the folder synced; each step is
 * done when the server has answered that it is, never when we have merely stopped
 * sending.
 */
#ifndef TARGETS_SINK_SFTP_H
#define TARGETS_SINK_SFTP_H

#include <stdbool.h>
#include <stdint.h>

#include "sftp.h"

struct err;
struct sink;

#define SFTP_AHEAD (4 * SFTP_CHUNK)	/* bytes that a small read brings along */

/* A connection, and what small reads from it brought along. */
struct sftp_ahead {
	struct sftp *sftp;
	const struct sftp_file *file;
	uint64_t off;
	size_t len;
	uint8_t bytes[SFTP_AHEAD];
};

/* Opens the folder `path`, made with mode 0700 if it is not there (parents too). */
bool sink_sftp_open(struct sink *s, struct sftp_ahead *a, const char *path, struct err *e);

/*
 * Makes a new folder NAME in `parent` and opens it; NAME-1, NAME-2 ... when that is
 * taken. Another crash's folder is never written to. Its path goes to made as sink_dir's.
 */
bool sink_sftp_new(struct sink *s, struct sftp_ahead *a, const char *parent,
		   const char *name, char *made, struct err *e);

#endif
