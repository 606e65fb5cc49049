/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of a mounted file system. */
#ifndef TARGETS_SINK_DIR_H
#define TARGETS_SINK_DIR_H

#include "sink.h"

/* Which one, and what is counted. */
struct sink_folder {
	const char *root;	/* it lies below, see base/below.h; NULL: anywhere */
	const char *path;
	uint64_t *durable;	/* bytes that reached the storage */
};

/* Opens a folder, made with mode 0700 if it is not there (parents too). */
bool sink_dir_open(struct sink *s, const struct sink_folder *at, struct err *e);

/*
 * Makes a new folder NAME in `parent` and opens it; NAME-1, NAME-2 ... when that is
 * taken. Another crash's folder is never written to. Its path goes to made, SINK_WHERE_MAX
 * bytes, as soon as it is there: whoever goes on after our death must not make another.
 */
bool sink_dir_new(struct sink *s, const struct sink_folder *parent, const char *name,
		  char *made, struct err *e);

#endif
