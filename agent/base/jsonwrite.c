/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar, and the indentation that lets people read it too. */
#include "jsonwrite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "out.h"

#define REAL_MAX 1e15		/* with three decimals still exact */

/* ---- bytes -------------------------------------------------------------------- */

static void flush(struct json *j)
{
	if (j->len && !j->why.code &&
	    !j->out->ops->write_at(j->out, j->off, j->text, j->len, &j->why))
		within(&j->why, "%s", j->out->name);
	j->off += j->len;
	j->len = 0;
}

static void no_room(struct json *j)
{
	if (!j->why.code)
		err_set(&j->why, ENOSPC, "JSON does not fit in %zu bytes", j->size);
}

static void put(struct json *j, const char *s, size_t len)
{
	if (!j->out && len > j->size - j->len) {
		no_room(j);
		return;
	}
	while (len) {
		size_t n = min_u64(len, j->size - j->len);

		memcpy(j->text + j->len, s, n);
		j->len += n;
		s += n;
		len -= n;
		if (j->out && j->len == j->size)
			flush(j);
	}
}

static void put_text(struct json *j, const char *s)
{
	put(j, s, strlen(s));
}

/* ---- strings ------------------------------------------------------------------ */

/* The character at *s, which moves behind it; '?' for a byte that is part of none. */
static uint32_t take_character(const unsigned char **s)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = *(*s)++;
	unsigned n_more = c < 0x80 ? 0 : c >> 5 == 6 ? 1 : c >> 4 == 14 ? 2
				: c >> 3 == 30 ? 3 : 4;
	const unsigned char *at = *s;

	if (n_more > 3)
		return '?';
	c &= n_more ? 0x3f >> n_more : 0x7f;
	for (unsigned i = 0; i < n_more; i++, at++) {
		if (*at >> 6 != 2)
			return '?';
		c = c << 6 | (*at & 0x3f);
	}
	if (c < least[n_more] || c > 0x10ffff || c >> 11 == 0x1b)
		return '?';
	*s = at;
	return c;
}

/* Outside of 16 bits a character is two escapes. */
static void put_quoted(struct json *j, const char *s)
{
	const unsigned char *at = (const unsigned char *)s;

	put_text(j, "\"");
	while (*at) {
		uint32_t c = take_character(&at);
		char one[16];

		if (c == '"' || c == '\\')
			snprintf(one, sizeof(one), "\\%c", (int)c);
		else if (c >= ' ' && c < 0x7f)
			snprintf(one, sizeof(one), "%c", (int)c);
		else if (c < 0x10000)
			snprintf(one, sizeof(one), "\\u%04x", (unsigned)c);
		else
			snprintf(one, sizeof(one), "\\u%04x\\u%04x",
				 0xd800 + (unsigned)(c - 0x10000 >> 10),
				 0xdc00 + (unsigned)(c & 0x3ff));
		put_text(j, one);
	}
	put_text(j, "\"");
}

/* ---- values ------------------------------------------------------------------- */

static void put_indent(struct json *j)
{
	put_text(j, "\n");
	for (unsigned i = 0; i < j->depth; i++)
		put_text(j, "  ");
}

/* Is there a place for one more value? There is one at the top. */
static bool may_put(const struct json *j)
{
	return !j->n_left_out && !j->why.code && (j->depth || j->first);
}

/* A value begins: comma and key. */
static void begin(struct json *j, const char *key)
{
	put_text(j, j->first ? "" : ",");
	j->first = false;
	if (!j->depth)
		return;
	put_indent(j);
	if (j->closing[j->depth - 1] == ']')
		return;
	put_quoted(j, key ? key : "");
	put_text(j, ": ");
}

/* What the end takes in the buffer, with so many values open. */
static size_t end_len(unsigned depth)
{
	size_t len = sizeof("null\n");

	for (; depth; depth--)
		len += 1 + 2 * (depth - 1) + 1;
	return len;
}

/* It ends: as it was before if there is no room for it and for the end. */
static bool done(struct json *j, const struct json *before, unsigned depth)
{
	if (j->out)
		return !j->why.code;
	if (end_len(depth) > j->size - j->len)
		no_room(j);
	if (!j->why.code)
		return true;
	j->len = before->len;
	j->first = before->first;
	return false;
}

static void put_value(struct json *j, const char *key, const char *text, bool quoted)
{
	struct json before = *j;

	if (!may_put(j))
		return;
	begin(j, key);
	if (quoted)
		put_quoted(j, text);
	else
		put_text(j, text);
	done(j, &before, j->depth);
}

/* ---- what callers see ----------------------------------------------------------- */

void json_init_out(struct json *j, struct out *out, char *text, size_t size)
{
	*j = (struct json){ .text = text, .size = size, .out = out, .first = true };
}

void json_init(struct json *j, char *text, size_t size)
{
	json_init_out(j, NULL, text, size);
}

void json_open(struct json *j, const char *key, char bracket)
{
	struct json before = *j;

	if (!may_put(j) || j->depth == JSONWRITE_DEPTH) {
		j->n_left_out++;
		return;
	}
	begin(j, key);
	put(j, &bracket, 1);
	if (!done(j, &before, j->depth + 1)) {
		j->n_left_out++;
		return;
	}
	j->closing[j->depth++] = bracket == '[' ? ']' : '}';
	j->first = true;
}

void json_close(struct json *j)
{
	if (j->n_left_out) {
		j->n_left_out--;
		return;
	}
	if (!j->depth)
		return;
	j->depth--;
	if (!j->first)
		put_indent(j);
	put(j, &j->closing[j->depth], 1);
	j->first = false;
}

void json_string(struct json *j, const char *key, const char *value)
{
	put_value(j, key, value, true);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	put_value(j, key, text, false);
}

void json_signed(struct json *j, const char *key, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	put_value(j, key, text, false);
}

void json_hex(struct json *j, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%#llx", (unsigned long long)value);
	put_value(j, key, value ? text : "0x0", true);
}

void json_real(struct json *j, const char *key, double value)
{
	char text[24] = "null";

	if (value < REAL_MAX && value > -REAL_MAX)
		snprintf(text, sizeof(text), "%.3f", value);
	put_value(j, key, text, false);
}

void json_bool(struct json *j, const char *key, bool value)
{
	put_value(j, key, value ? "true" : "false", false);
}

void json_null(struct json *j, const char *key)
{
	put_value(j, key, "null", false);
}

bool json_end(struct json *j, struct err *e)
{
	j->n_left_out = 0;
	while (j->depth)
		json_close(j);
	/* Not even one value had room. */
	if (j->first)
		put_text(j, "null");
	put_text(j, "\n");
	if (j->out)
		flush(j);
	else
		j->text[j->len] = '\0';
	if (!j->why.code)
		return true;
	*e = j->why;
	return false;
}
