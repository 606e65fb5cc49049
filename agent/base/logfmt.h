/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of key=value (logfmt), one key after the other, as long as there is room. */
#ifndef BASE_LOGFMT_H
#define BASE_LOGFMT_H

#include <stddef.h>

struct logfmt {
	char *text;
	size_t size;
};

/* An empty line in that room, its NUL included. */
struct logfmt logfmt_start(char *text, size_t size);

/*
 * " key=value", in printable ASCII: in quotes where blanks or = take it, with ' for each of
 * its own. A value that is empty, and one for which no room is left, is left out as a whole.
 */
__attribute__((format(printf, 3, 4)))
void logfmt_put(struct logfmt *l, const char *key, const char *fmt, ...);

#endif
