/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that somebody else may have written: checked once as a whole, then asked for values
 * by the names that lead to them. Nothing is copied but what is asked for.
 */
#ifndef BASE_JSONREAD_H
#define BASE_JSONREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define JSON_DEPTH 16	/* values within values */

/* A value and where it stands: borrowed from the text, which must outlive it. */
struct json_value {
	enum json_kind { JSON_OBJECT, JSON_LIST, JSON_STRING, JSON_NUMBER, JSON_TRUE,
			 JSON_FALSE, JSON_NULL } kind;
	const char *at;
	size_t len;
};

/* False, with the place of it, for anything that is not one well-formed value. */
bool json_read(struct json_value *v, const char *text, size_t len, struct err *e);

/* "bytes.dump": a member of a member of v; false when it is not there. */
bool json_find(const struct json_value *v, const char *path, struct json_value *out);

/* The nr-th element of a list. */
bool json_element(const struct json_value *v, unsigned nr, struct json_value *out);

/*
 * A string's characters, cut to fit; what is not printable ASCII is a '?', for it is going
 * to a terminal. "" when there is no string at that path.
 */
void json_text(const struct json_value *v, const char *path, char *to, size_t size);

/* A whole number that is not negative, or 0. */
uint64_t json_count(const struct json_value *v, const char *path);

/* A number that is not negative, in thousandths, or 0. */
uint64_t json_millis(const struct json_value *v, const char *path);

/* Is there a true at that path? */
bool json_is_true(const struct json_value *v, const char *path);

#endif
