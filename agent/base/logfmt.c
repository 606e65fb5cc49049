/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value is formatted apart, so that what is cut is no half of a key. */
#include "logfmt.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"

#define VALUE_MAX 200

struct logfmt logfmt_start(char *text, size_t size)
{
	text[0] = '\0';
	return (struct logfmt){ text, size };
}

void logfmt_put(struct logfmt *l, const char *key, const char *fmt, ...)
{
	size_t len = strlen(l->text), room = l->size - len;
	char value[VALUE_MAX];
	const char *quote = "";
	va_list args;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	if (!value[0])
		return;
	for (char *c = value; *c; c++) {
		*c = *c == '"' ? '\'' : printable(*c);
		if (*c == ' ' || *c == '=')
			quote = "\"";
	}
	if ((size_t)snprintf(l->text + len, room, "%s%s=%s%s%s", len ? " " : "", key, quote,
			     value, quote) >= room)
		l->text[len] = '\0';
}
