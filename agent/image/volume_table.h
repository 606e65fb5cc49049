/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of device mapper's tables: which of their words name devices, and which are refused. */
#ifndef IMAGE_VOLUME_TABLE_H
#define IMAGE_VOLUME_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* What a word of the parameters is. */
enum table_word { WORD_PLAIN, WORD_DEVICE, WORD_KEY };

struct table_kind {
	const char *type;	/* "linear" */
	const char *modules;	/* with blanks between them */
	/* Not NULL: a capture does without it, and what it is. */
	const char *refused;
	/* Of the nr-th word, after those before it. */
	enum table_word (*word)(const char *params, unsigned nr);
};

/* NULL: nobody knows it. */
const struct table_kind *table_kind_of(const char *type);

/* May a line of that kind be put together as it is? ENOTSUP. */
bool table_check(const struct table_kind *kind, const char *params, struct err *e);

#endif
