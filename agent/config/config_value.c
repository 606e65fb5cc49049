/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of configuration lines. Quotes count at the beginning only: inside of a value
 * they may be part of a name.
 */
#include "config_value.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

#define BLANKS " \t"

/* Where a comment begins, or the end. */
static char *comment(char *text)
{
	for (char *c = text; *c; c++)
		if (*c == '#' && (c == text || strchr(BLANKS, c[-1])))
			return c;
	return text + strlen(text);
}

bool config_value_cut(char *text, char **value_ret, struct err *e)
{
	char *value = text + strspn(text, BLANKS), *end;

	if (*value == '"') {
		end = strchr(++value, '"');
		if (!end)
			return fail(e, EINVAL, "a quote is not closed: %s", value - 1);
		if (comment(end + 1) != end + 1 + strspn(end + 1, BLANKS))
			return fail(e, EINVAL, "something stands behind the closing quote: %s",
				    end + 1);
	} else {
		end = comment(value);
		while (end > value && strchr(BLANKS, end[-1]))
			end--;
	}
	*end = '\0';
	*value_ret = value;
	return true;
}

bool config_value_needs_quotes(const char *value)
{
	return *value == '"' || *value == '#' || strstr(value, " #") || strstr(value, "\t#");
}

bool config_value_host(char *to, size_t size, const char *value, struct err *e)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";

	if (strlen(value) >= size)
		return fail(e, EINVAL, "longer than %zu characters", size - 1);
	for (const char *at = value; *at; at++) {
		if (at[0] == '%' && (at[1] == 'H' || at[1] == 'm'))
			at++;
		else if (!strchr(allowed, *at) || *value == '.')
			return fail(e, EINVAL, "'%s' has other than letters, digits, '.', '-', "
				    "'_', %%H and %%m", value);
	}
	memcpy(to, value, strlen(value) + 1);
	return true;
}

bool config_value_id(char *to, size_t size, const char *value, struct err *e)
{
	if (strlen(value) != size - 1 || strspn(value, "0123456789abcdef") != size - 1)
		return fail(e, EINVAL, "'%s' is not %zu hexadecimal digits", value, size - 1);
	memcpy(to, value, size);
	return true;
}
