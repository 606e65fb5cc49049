/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and times out of text. Digits only: no sign, no blank and no other base passes
 * for a number.
 */
#include "numbers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "err.h"

bool number_parse(const char *text, unsigned min, unsigned max, unsigned *out,
		  struct err *e)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || v < min || v > max)
		return fail(e, EINVAL, "'%s' is not a number from %u to %u", text, min, max);
	*out = v;
	return true;
}

bool number_parse_seconds(const char *text, unsigned min, unsigned *out, struct err *e)
{
	static const struct { char unit; unsigned s; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 },
	};
	char number[16];
	unsigned scale = 1, v;
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (len > 1 && text[len - 1] == units[i].unit) {
			scale = units[i].s;
			len--;
			break;
		}
	}
	snprintf(number, sizeof(number), "%.*s", (int)len, text);
	if (len >= sizeof(number) || !number_parse(number, 0, 604800 / scale, &v, e))
		return fail(e, EINVAL, "'%s' is not a time such as 90, 90s, 15m or 2h", text);
	if (v * scale < min)
		return fail(e, EINVAL, "'%s' is less than %u seconds", text, min);
	*out = v * scale;
	return true;
}

/* With a unit: 30 would be half a minute, and meant are days. */
bool number_parse_age(const char *text, int64_t *out, struct err *e)
{
	size_t len = strlen(text);
	char number[16];
	unsigned v;

	if (len && text[len - 1] >= '0' && text[len - 1] <= '9')
		return fail(e, 0, "'%s' has no unit: say %sd for days, or h, m, s", text, text);
	snprintf(number, sizeof(number), "%.*s", (int)(len ? len - 1 : 0), text);
	if (len && len < sizeof(number) && text[len - 1] == 'd' &&
	    number_parse(number, 0, 36500, &v, e)) {
		*out = (int64_t)v * 86400;
		return true;
	}
	if (!number_parse_seconds(text, 1, &v, e))
		return fail(e, 0, "'%s' is not an age such as 30d, 12h or 90m", text);
	*out = v;
	return true;
}

void number_format_seconds(unsigned s, char text[SECONDS_TEXT])
{
	if (s && s % 3600 == 0)
		snprintf(text, SECONDS_TEXT, "%uh", s / 3600);
	else if (s && s % 60 == 0)
		snprintf(text, SECONDS_TEXT, "%um", s / 60);
	else
		snprintf(text, SECONDS_TEXT, "%us", s);
}

void format_utc(int64_t seconds, char *text, size_t size)
{
	time_t t = seconds;
	struct tm tm;

	*text = '\0';
	if (seconds > 0 && gmtime_r(&t, &tm) && tm.tm_year < 8000)
		strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void format_hex(char *to, const uint8_t *from, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*to++ = digits[from[i] >> 4];
		*to++ = digits[from[i] & 15];
	}
	*to = '\0';
}
