/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes JSON, with commas, brackets and escapes where they belong. What it writes can
 * always be read: brackets that are open at the end are closed, and what does not fit is
 * left out as a whole. Keys are ours, values may be anybody's. NULL as key: an element of
 * a list.
 */
#ifndef BASE_JSONWRITE_H
#define BASE_JSONWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct out;

#define JSONWRITE_DEPTH 16	/* values within values, as many as jsonread.h takes */
#define JSONWRITE_LEAST 8

struct json {
	char *text;		/* of a text that goes to a file: its end, not written yet */
	size_t size, len;
	struct out *out;	/* NULL: all of it stays in text */
	uint64_t off;		/* how much of it is in out */
	char closing[JSONWRITE_DEPTH];	/* what closes each that is open */
	unsigned depth;
	unsigned n_left_out;	/* opened within what was left out */
	bool first;		/* no comma before the next value */
	struct err why;		/* code 0: nothing is missing so far */
};

/*
 * In a buffer of JSONWRITE_LEAST bytes or more. What does not fit is left out, and so is
 * all that comes behind it.
 */
void json_init(struct json *j, char *text, size_t size);

/* Into a file, from its start; the buffer, of at least a byte, makes its writes large. */
void json_init_out(struct json *j, struct out *out, char *text, size_t size);

void json_open(struct json *j, const char *key, char bracket);	/* '{' or '[' */
void json_close(struct json *j);				/* what was opened last */

/* UTF-8 as escapes; bytes that are none are '?'. */
void json_string(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, uint64_t value);
void json_signed(struct json *j, const char *key, int64_t value);
/* "0x1f": more than 53 bits are safe in a string only. */
void json_hex(struct json *j, const char *key, uint64_t value);
/* Three decimals; what is no number, or beyond 10^15, is null. */
void json_real(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/*
 * Closes what is open and ends the text with a newline and, if it stays in the buffer, a
 * NUL; j->off + j->len is its length without that. False: something is missing, e says why.
 */
bool json_end(struct json *j, struct err *e);

#endif
