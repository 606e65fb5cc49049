/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "<2>1 TIME HOST crashbox - - - TEXT": no number of a process, no structured data. */
#include "syslog_line.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/numbers.h"

#define HOST_SHOWN 64	/* RFC 5424 allows 255, and there is little room */
#define FRAME "<2>1   crashbox - - - "
#define TIME_LEN (sizeof("2026-11-28T12:01:07Z") - 1)

_Static_assert(sizeof(FRAME) - 1 + TIME_LEN + HOST_SHOWN + SYSLOG_TEXT <= SYSLOG_LINE,
	       "a text of that length fits behind any host");

/* PRINTUSASCII of RFC 5424: no blank. */
static void host_name(char out[HOST_SHOWN + 1], const char *host)
{
	size_t n = 0;

	for (; host[n] && n < HOST_SHOWN; n++)
		out[n] = host[n] > ' ' ? printable(host[n]) : '?';
	out[n] = '\0';
}

void syslog_line(char line[SYSLOG_LINE], const char *host, int64_t when, const char *text)
{
	char name[HOST_SHOWN + 1], time[32] = "";

	host_name(name, host);
	if (when > 0)
		format_utc(when, time, sizeof(time));
	snprintf(line, SYSLOG_LINE, "<2>1 %s %s crashbox - - - %s", time[0] ? time : "-",
		 name[0] ? name : "-", text);
}
