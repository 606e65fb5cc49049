/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The JSON reader. RFC 8259 without its numbers' fine print: a number is what its
 * characters could make. skip_value() is the grammar; it is as deep as JSON_DEPTH and no
 * deeper.
 */
#include "jsonread.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "err.h"

/* ---- grammar ---------------------------------------------------------------- */

static char peek(const struct cursor *c)
{
	return cursor_left(c) ? *c->at : '\0';
}

static bool take(struct cursor *c, char wanted)
{
	if (!cursor_left(c) || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

static void skip_blanks(struct cursor *c)
{
	while (cursor_left(c) && strchr(" \t\r\n", *c->at) && *c->at)
		c->at++;
}

static bool is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool skip_escape(struct cursor *c)
{
	const uint8_t *hex;

	if (take(c, 'u'))
		return cursor_take(c, 4, &hex) && is_hex(hex[0]) && is_hex(hex[1]) &&
		       is_hex(hex[2]) && is_hex(hex[3]);
	if (!peek(c) || !strchr("\"\\/bfnrt", peek(c)))
		return false;
	c->at++;
	return true;
}

static bool skip_string(struct cursor *c)
{
	if (!take(c, '"'))
		return false;
	while (cursor_left(c)) {
		if (take(c, '"'))
			return true;
		if (take(c, '\\') ? !skip_escape(c) : *c->at++ < ' ')
			return false;
	}
	return false;
}

static bool skip_word(struct cursor *c, const char *word)
{
	const uint8_t *at;

	return cursor_left(c) >= strlen(word) && !memcmp(c->at, word, strlen(word)) &&
	       cursor_take(c, strlen(word), &at);
}

static bool skip_number(struct cursor *c)
{
	const uint8_t *from = c->at;

	while (peek(c) && strchr("+-.0123456789eE", peek(c)))
		c->at++;
	return c->at > from && (*from == '-' || (*from >= '0' && *from <= '9'));
}

static bool skip_value(struct cursor *c, struct json_value *v, unsigned depth);

/* Members or elements, from behind the bracket that opens them. */
static bool skip_inside(struct cursor *c, bool with_keys, char close, unsigned depth)
{
	struct json_value ignored;

	skip_blanks(c);
	if (take(c, close))
		return true;
	for (;;) {
		skip_blanks(c);
		if (with_keys && !skip_string(c))
			return false;
		skip_blanks(c);
		if (with_keys && !take(c, ':'))
			return false;
		if (!skip_value(c, &ignored, depth))
			return false;
		skip_blanks(c);
		if (take(c, close))
			return true;
		if (!take(c, ','))
			return false;
	}
}

static bool skip_value(struct cursor *c, struct json_value *v, unsigned depth)
{
	bool ok;

	skip_blanks(c);
	v->at = (const char *)c->at;
	if (peek(c) == '"') {
		v->kind = JSON_STRING;
		ok = skip_string(c);
	} else if (take(c, '{')) {
		v->kind = JSON_OBJECT;
		ok = depth < JSON_DEPTH && skip_inside(c, true, '}', depth + 1);
	} else if (take(c, '[')) {
		v->kind = JSON_LIST;
		ok = depth < JSON_DEPTH && skip_inside(c, false, ']', depth + 1);
	} else if (skip_word(c, "true")) {
		v->kind = JSON_TRUE;
		ok = true;
	} else if (skip_word(c, "false")) {
		v->kind = JSON_FALSE;
		ok = true;
	} else if (skip_word(c, "null")) {
		v->kind = JSON_NULL;
		ok = true;
	} else {
		v->kind = JSON_NUMBER;
		ok = skip_number(c);
	}
	v->len = (const char *)c->at - v->at;
	return ok;
}

bool json_read(struct json_value *v, const char *text, size_t len, struct err *e)
{
	struct cursor c = { (const uint8_t *)text, (const uint8_t *)text + len };
	bool ok = skip_value(&c, v, 0);

	skip_blanks(&c);
	return (ok && !cursor_left(&c)) ||
	       fail(e, EINVAL, "not JSON from byte %zu on",
		    (size_t)((const char *)c.at - text));
}

/* ---- values ----------------------------------------------------------------- */

static struct cursor inside(const struct json_value *v)
{
	return (struct cursor){ (const uint8_t *)v->at + 1, (const uint8_t *)v->at + v->len };
}

/* v has been checked: only the ends of lists and objects are looked for. */
static bool find_member(const struct json_value *v, const char *key, size_t key_len,
			struct json_value *out)
{
	struct cursor c = inside(v);

	if (v->kind != JSON_OBJECT)
		return false;
	for (;;) {
		const uint8_t *name;

		skip_blanks(&c);
		name = c.at + 1;
		if (!skip_string(&c))
			return false;
		if ((size_t)(c.at - 1 - name) == key_len && !memcmp(name, key, key_len)) {
			skip_blanks(&c);
			return take(&c, ':') && skip_value(&c, out, 0);
		}
		skip_blanks(&c);
		if (!take(&c, ':') || !skip_value(&c, out, 0))
			return false;
		skip_blanks(&c);
		if (!take(&c, ','))
			return false;
	}
}

bool json_find(const struct json_value *v, const char *path, struct json_value *out)
{
	*out = *v;
	while (*path) {
		size_t len = strcspn(path, ".");
		struct json_value next;

		if (!find_member(out, path, len, &next))
			return false;
		*out = next;
		path += len + (path[len] == '.');
	}
	return true;
}

bool json_element(const struct json_value *v, unsigned nr, struct json_value *out)
{
	struct cursor c = inside(v);

	if (v->kind != JSON_LIST)
		return false;
	for (;;) {
		if (!skip_value(&c, out, 0))
			return false;
		if (!nr--)
			return true;
		skip_blanks(&c);
		if (!take(&c, ','))
			return false;
	}
}

void json_text(const struct json_value *v, const char *path, char *to, size_t size)
{
	struct json_value s;
	size_t n = 0;

	*to = '\0';
	if (!json_find(v, path, &s) || s.kind != JSON_STRING)
		return;
	for (size_t i = 1; i + 1 < s.len && n + 1 < size; i++) {
		char c = s.at[i];

		if (c == '\\') {
			c = s.at[++i];
			if (c == 'u') {
				const char hex[] = { s.at[i + 1], s.at[i + 2], s.at[i + 3],
						     s.at[i + 4], '\0' };
				unsigned long code = strtoul(hex, NULL, 16);

				c = code < 0x7f ? code : '?';
				i += 4;
			} else if (strchr("bfnrt", c)) {
				c = '?';
			}
		}
		to[n++] = printable(c);
	}
	to[n] = '\0';
}

/* The digits of a number that is not negative, NUL-terminated; false: there is none. */
static bool plain_number(const struct json_value *v, const char *path, char digits[24])
{
	struct json_value number;

	if (!json_find(v, path, &number) || number.kind != JSON_NUMBER || number.len >= 24 ||
	    *number.at == '-')
		return false;
	memcpy(digits, number.at, number.len);
	digits[number.len] = '\0';
	return true;
}

uint64_t json_count(const struct json_value *v, const char *path)
{
	char digits[24];

	return plain_number(v, path, digits) && !digits[strspn(digits, "0123456789")]
	       ? strtoull(digits, NULL, 10) : 0;
}

uint64_t json_millis(const struct json_value *v, const char *path)
{
	char digits[24];
	double value;

	if (!plain_number(v, path, digits))
		return 0;
	value = strtod(digits, NULL) * 1000;
	return value < 1e18 ? (uint64_t)(value + 0.5) : 0;
}

bool json_is_true(const struct json_value *v, const char *path)
{
	struct json_value value;

	return json_find(v, path, &value) && value.kind == JSON_TRUE;
}
