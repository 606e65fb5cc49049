/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of a mounted file system. */
#ifndef SINK_SINK_DIR_H
#define SINK_SINK_DIR_H

#include "sink.h"

/*
 * Opens the folder `path`, made with mode 0700 if it is not there (parents too).
 * *durable counts bytes that reached the storage.
 */
bool sink_dir_open(struct sink *s, const char *path, uint64_t *durable, struct err *e);

/*
 * Makes a new folder NAME in `parent` and opens it; NAME-1, NAME-2 ... when that is
 * taken. Another crash's folder is never written to. Its path goes to made, SINK_WHERE_MAX
 * bytes, as soon as it is there: whoever goes on after our death must not make another.
 */
bool sink_dir_new(struct sink *s, const char *parent, const char *name, uint64_t *durable,
		  char *made, struct err *e);

#endif
