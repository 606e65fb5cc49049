/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time stamp and caller in front of a message, and numbers in it. */
#include "log_line.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *log_line_past_time(const char *at, const char *end, double *seconds)
{
	double whole = 0, part = 0, scale = 1;

	if (at == end || *at++ != '[')
		return NULL;
	while (at < end && *at == ' ')
		at++;
	if (at == end || !is_digit(*at))
		return NULL;
	for (; at < end && is_digit(*at); at++)
		whole = whole * 10 + (*at - '0');
	if (at == end || *at++ != '.')
		return NULL;
	for (; at < end && is_digit(*at) && scale < 1e9; at++, scale *= 10)
		part = part * 10 + (*at - '0');
	if (at == end || *at++ != ']')
		return NULL;
	*seconds = whole + part / scale;
	return at;
}

/* "[  T123]" or "[    C0]", in front of it at most one blank. */
static const char *past_caller(const char *at, const char *end, char caller[LOG_CALLER_MAX])
{
	const char *start = at, *name;
	size_t len;

	if (at < end && *at == ' ')
		at++;
	if (at == end || *at++ != '[')
		return start;
	while (at < end && *at == ' ')
		at++;
	if (at == end || (*at != 'T' && *at != 'C'))
		return start;
	name = at;
	for (at++; at < end && is_digit(*at); at++)
		;
	len = at - name;
	if (at == end || *at != ']')
		return start;
	memcpy(caller, name, len < LOG_CALLER_MAX ? len : LOG_CALLER_MAX - 1);
	caller[len < LOG_CALLER_MAX ? len : LOG_CALLER_MAX - 1] = '\0';
	return at + 1;
}

static void take_line(const char *at, const char *end, struct log_line *line)
{
	const char *after;
	size_t n = 0;

	line->seconds = -1;
	line->caller[0] = '\0';
	after = log_line_past_time(at, end, &line->seconds);
	if (after)
		at = past_caller(after, end, line->caller);
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (; at < end && n < LOG_MESSAGE_MAX - 1; at++)
		line->message[n++] = printable(*at == '\t' ? ' ' : *at);
	while (n && line->message[n - 1] == ' ')
		n--;
	line->message[n] = '\0';
}

bool log_line_next(const char **at, size_t *len, struct log_line *line)
{
	const char *end;

	if (!*len)
		return false;
	end = memchr(*at, '\n', *len);
	take_line(*at, end ? end : *at + *len, line);
	*len -= end ? end + 1 - *at : (ptrdiff_t)*len;
	*at = end ? end + 1 : *at;
	return true;
}

bool log_hex_after(const char *text, const char *word, uint64_t *ret)
{
	const char *at = strstr(text, word);
	uint64_t value = 0;
	unsigned n = 0;

	if (!at)
		return false;
	at += strlen(word);
	if (at[0] == '0' && at[1] == 'x')
		at += 2;
	for (; isxdigit((unsigned char)*at) && n < 16; at++, n++)
		value = value << 4 | (is_digit(*at) ? *at - '0' : (*at | 32) - 'a' + 10);
	if (!n)
		return false;
	*ret = value;
	return true;
}

bool log_number_after(const char *text, const char *word, int *ret)
{
	const char *at = strstr(text, word);
	int64_t value = 0;

	if (!at)
		return false;
	at += strlen(word);
	if (!is_digit(*at))
		return false;
	for (; is_digit(*at) && value <= INT32_MAX; at++)
		value = value * 10 + (*at - '0');
	if (value > INT32_MAX)
		return false;
	*ret = (int)value;
	return true;
}
