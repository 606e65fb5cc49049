/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values that many keys have: yes or no, numbers, times, texts. */
#include "key_values.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"
#include "config_value.h"

/* Where the row's value lies. */
void *key_at(const struct setting *s)
{
	return (char *)s->config + s->row->offset;
}

const void *key_seen_at(const struct key_row *row, const struct config *c)
{
	return (const char *)c + row->offset;
}

bool key_set_yes_no(const struct setting *s, struct err *e)
{
	if (strcmp(s->value, "yes") && strcmp(s->value, "no"))
		return fail(e, EINVAL, "'%s' is none of yes, no", s->value);
	*(bool *)key_at(s) = *s->value == 'y';
	return true;
}

void key_put_yes(const struct key_row *row, const struct config *c)
{
	if (*(const bool *)key_seen_at(row, c))
		printf("%s yes\n", row->help.key);
}

bool key_set_number(const struct setting *s, struct err *e)
{
	return number_parse(s->value, s->row->min, s->row->max, key_at(s), e);
}

bool key_set_seconds(const struct setting *s, struct err *e)
{
	return number_parse_seconds(s->value, s->row->min, key_at(s), e);
}

void key_put_yes_no(const struct key_row *row, const struct config *c)
{
	printf("%s %s\n", row->help.key, *(const bool *)key_seen_at(row, c) ? "yes" : "no");
}

void key_put_number(const struct key_row *row, const struct config *c)
{
	printf("%s %u\n", row->help.key, *(const unsigned *)key_seen_at(row, c));
}

/* 0 is what no line can say. */
void key_put_number_if(const struct key_row *row, const struct config *c)
{
	if (*(const unsigned *)key_seen_at(row, c))
		key_put_number(row, c);
}

void key_put_text_if(const struct key_row *row, const struct config *c)
{
	const char *text = key_seen_at(row, c);

	if (*text)
		printf("%s %s\n", row->help.key, text);
}

void key_put_text_quoted(const struct key_row *row, const struct config *c)
{
	const char *text = key_seen_at(row, c);

	if (*text && config_value_needs_quotes(text))
		printf("%s \"%s\"\n", row->help.key, text);
	else
		key_put_text_if(row, c);
}

bool key_set_path(const struct setting *s, struct err *e)
{
	if (*s->value != '/')
		return fail(e, EINVAL, "'%s' is not a path from '/' on", s->value);
	return key_set_text(s, e);
}

bool key_set_text(const struct setting *s, struct err *e)
{
	if (strlen(s->value) >= s->row->max)
		return fail(e, EINVAL, "longer than %u characters", s->row->max - 1);
	memcpy(key_at(s), s->value, strlen(s->value) + 1);
	return true;
}
