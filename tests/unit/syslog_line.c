/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine/syslog_line: RFC 5424 to the letter, and never more than a receiver has to take. */
#include "machine/syslog_line.h"
#include "t.h"

#define TEN "0123456789"
#define LONG_80 TEN TEN TEN TEN TEN TEN TEN TEN

int main(void)
{
	static const struct { const char *row, *host; int64_t when; const char *text, *line; }
	rows[] = {
		{ "a crash", "web-1", 1795867267, "what=oom",
		  "<2>1 2026-11-28T12:01:07Z web-1 crashbox - - - what=oom" },
		{ "of no known time", "web-1", 0, "x", "<2>1 - web-1 crashbox - - - x" },
		{ "before 1970", "web-1", -5, "x", "<2>1 - web-1 crashbox - - - x" },
		{ "of no host", "", 0, "x", "<2>1 - - crashbox - - - x" },
		{ "of a host that says more", "a b\033[2J\377", 0, "x",
		  "<2>1 - a?b?[2J? crashbox - - - x" },
		{ "of a long host", LONG_80, 0, "x", "<2>1 - " TEN TEN TEN TEN TEN TEN "0123 "
		  "crashbox - - - x" },
	};
	char line[SYSLOG_LINE], text[SYSLOG_TEXT], longer[2 * SYSLOG_LINE];

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		syslog_line(line, rows[i].host, rows[i].when, rows[i].text);
		T_TEXT(rows[i].row, rows[i].line, line);
	}
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	syslog_line(line, LONG_80, 1795867267, text);
	T_CHECK("the longest text is whole behind the longest host",
		strlen(line) < SYSLOG_LINE && !strcmp(strrchr(line, ' ') + 1, text));
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	syslog_line(line, "h", 0, longer);
	T_EQUAL("a longer one is cut", 480, strlen(line));
	return t_done();
}
