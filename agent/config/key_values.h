/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row of the table of keys, and how the usual values of one are set and printed. */
#ifndef CONFIG_KEY_VALUES_H
#define CONFIG_KEY_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "key_help.h"

struct config;
struct err;
struct key_row;

/* One line, or one word of a kernel's command line: what is said of a key. */
struct setting {
	const struct key_row *row;
	struct config *config;	/* that it goes to */
	const char *value;
};

struct key_row {
	struct key_help help;
	bool (*set)(const struct setting *s, struct err *e);
	/* As lines, those of its default included; NULL: another row's has it. */
	void (*put)(const struct key_row *row, const struct config *c);
	size_t offset;		/* of the member that has the value */
	unsigned min, max;
};

/* Where the row's value lies. */
void *key_at(const struct setting *s);
const void *key_seen_at(const struct key_row *row, const struct config *c);

bool key_set_yes_no(const struct setting *s, struct err *e);
void key_put_yes_no(const struct key_row *row, const struct config *c);
void key_put_yes(const struct key_row *row, const struct config *c);	/* a line if it is */

/* unsigned, within the row's min and max; seconds from min on. */
bool key_set_number(const struct setting *s, struct err *e);
bool key_set_seconds(const struct setting *s, struct err *e);
void key_put_number(const struct key_row *row, const struct config *c);
void key_put_number_if(const struct key_row *row, const struct config *c);	/* not 0 */

/* From '/' on, into max bytes. */
bool key_set_path(const struct setting *s, struct err *e);
/* Any text, of less than max bytes. */
bool key_set_text(const struct setting *s, struct err *e);
void key_put_text_quoted(const struct key_row *row, const struct config *c); /* if need be */
void key_put_text_if(const struct key_row *row, const struct config *c);	/* not "" */

#endif
