/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sink: a folder of a mounted file system. */
#ifndef TARGETS_SINK_DIR_H
#define TARGETS_SINK_DIR_H

#include "sink.h"

/* Which one, and what is counted. */
struct sink_folder {
	const char *root;	/* it lies below, see base/below.h; NULL: anywhere */
	const char *path;
	uint64_t *durable;	/* bytes that reached the storage */
};

/* What a sink and a file of this kind are beside that, in their `own`. */
struct dir_sink {
	int fd;
};

struct dir_file {
	int fd;
	int raw_fd;		/* past the kernel's cache; -1: not opened */
	uint64_t fresh;		/* bytes since write-back or a sync was last started */
	uint64_t started;	/* bytes handed to write-back, maybe not there yet */
	uint64_t step;		/* bytes between two starts of write-back */
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

/* Whose is what we make there? On a server that squashes root, somebody else's. */
bool sink_dir_owner(const struct sink *s, uint32_t *uid_ret);

#endif
