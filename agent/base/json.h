/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes JSON into a fixed buffer, with commas and escapes where they belong. Keys are
 * ours, values may be anybody's. NULL as key: an element of a list.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char *text;
	size_t size, len;	/* len stops at size: what does not fit is lost */
	unsigned depth;
	bool first;		/* no comma before the next value */
};

void json_init(struct json *j, char *text, size_t size);
void json_open(struct json *j, const char *key, char bracket);	/* '{' or '[' */
void json_close(struct json *j, char bracket);			/* '}' or ']' */
void json_string(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, uint64_t value);
void json_real(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* Ends the text with a newline and a NUL; its length without the NUL. */
size_t json_end(struct json *j);

#endif
