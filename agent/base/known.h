/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of faults that somebody knows, as a fleet hands it out: lines "SIGNATURE TEXT", a
 * signature as a report prints it, id or coarse id. Empty lines and those that begin with '#'
 * are passed over. Looking one up is a matter of bytes alone.
 */
#ifndef BASE_KNOWN_H
#define BASE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

#define KNOWN_TEXT 161			/* of a line, with its NUL */
#define KNOWN_FILE_MAX (1u << 20)	/* bytes of a list */

struct known_list {
	const char *text;	/* all of the file */
	size_t len;
};

/* EINVAL names `name` and the first line that is none. */
bool known_check(const struct known_list *list, const char *name, struct err *e);

/* A whole file, checked. It lies in the arena. */
bool known_load(struct known_list *list, const char *path, struct arena *a, struct err *e);

/*
 * What the list says of a fault, as ASCII that can be printed: of its id, else of its coarse
 * one, the first line that has it. False: nothing, and text is "".
 */
bool known_find(const struct known_list *list, const char *id, const char *coarse,
		char text[KNOWN_TEXT]);

#endif
