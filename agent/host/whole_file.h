/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files in an arena, and whole files put in place of others. */
#ifndef HOST_WHOLE_FILE_H
#define HOST_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

/* Bytes that lie somewhere; those of file_load() have a NUL behind them. */
struct blob {
	uint8_t *at;
	size_t len;
};

bool file_load(struct arena *a, const char *path, struct blob *out, struct err *e);

/* The same, and an empty one if there is no such file. */
bool file_load_if_there(struct arena *a, const char *path, struct blob *out, struct err *e);

/*
 * Puts bytes into a file that nobody else may read: written beside it, synced and renamed,
 * so that either the old one or all of the new one is there. What is no regular file stays.
 */
bool file_replace(const char *path, const struct blob *data, struct err *e);

/* The same as a verb's --output has it: "-" is standard output. */
#define FILE_STDOUT "-"
bool file_put(const char *path, const struct blob *data, struct err *e);

/* The next line, moving *at; without its line break, false at the end. */
bool file_line(struct blob *at, struct blob *line);

/* The next word of a line, as the line itself goes. */
bool file_word(struct blob *line, struct blob *word);

bool blob_is(const struct blob *b, const char *text);

#endif
