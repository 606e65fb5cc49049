/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar, and the indentation that lets people read it too. */
#include "json.h"

#include <stdio.h>
#include <string.h>

static void put(struct json *j, const char *s)
{
	size_t n = strlen(s);

	if (n > j->size - 1 - j->len)
		n = j->size - 1 - j->len;
	memcpy(j->text + j->len, s, n);
	j->len += n;
}

static void put_quoted(struct json *j, const char *s)
{
	put(j, "\"");
	for (; *s; s++) {
		unsigned char c = *s;
		char one[8];

		if (c == '"' || c == '\\')
			snprintf(one, sizeof(one), "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			snprintf(one, sizeof(one), "\\u%04x", c);
		else
			snprintf(one, sizeof(one), "%c", c);
		put(j, one);
	}
	put(j, "\"");
}

static void begin(struct json *j, const char *key)
{
	put(j, j->first ? "" : ",");
	j->first = false;
	if (j->depth)
		put(j, "\n");
	for (unsigned i = 0; i < j->depth; i++)
		put(j, "  ");
	if (key) {
		put_quoted(j, key);
		put(j, ": ");
	}
}

void json_init(struct json *j, char *text, size_t size)
{
	*j = (struct json){ .text = text, .size = size, .first = true };
}

void json_open(struct json *j, const char *key, char bracket)
{
	const char s[] = { bracket, 0 };

	begin(j, key);
	put(j, s);
	j->depth++;
	j->first = true;
}

void json_close(struct json *j, char bracket)
{
	const char s[] = { bracket, 0 };

	j->depth--;
	if (!j->first) {
		put(j, "\n");
		for (unsigned i = 0; i < j->depth; i++)
			put(j, "  ");
	}
	put(j, s);
	j->first = false;
}

void json_string(struct json *j, const char *key, const char *value)
{
	begin(j, key);
	put_quoted(j, value);
}

static void put_plain(struct json *j, const char *key, const char *text)
{
	begin(j, key);
	put(j, text);
}

void json_number(struct json *j, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	put_plain(j, key, text);
}

void json_real(struct json *j, const char *key, double value)
{
	char text[48];

	snprintf(text, sizeof(text), "%.3f", value);
	put_plain(j, key, text);
}

void json_bool(struct json *j, const char *key, bool value)
{
	put_plain(j, key, value ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	put_plain(j, key, "null");
}

size_t json_end(struct json *j)
{
	put(j, "\n");
	j->text[j->len] = '\0';
	return j->len;
}
