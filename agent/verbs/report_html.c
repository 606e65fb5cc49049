/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a report's text into a page; which sections are open is what one reads first. */
#include "report_html.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/markup.h"

static const char head[] =
"<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width\">\n"
"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
"'unsafe-inline'\">\n"
"<style>\n"
":root{color-scheme:light dark}\n"
"body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}\n"
"h1{font-size:1.25rem}\n"
"summary{font-weight:600;cursor:pointer;padding:.35rem 0}\n"
"details{border-top:1px solid #8884}\n"
"pre{font:13px/1.45 ui-monospace,monospace;overflow-x:auto;margin:.2rem 0 1rem}\n"
"</style>\n";

static const char *const open_at_first[] = {
	"FINDING", "SIGNATURE", "SYSTEM", "CRASH", "BLOCKED", "SIGNALS", "MISSING",
};

static void put_escaped(const char *text, size_t len)
{
	char own[2];

	for (size_t i = 0; i < len; i++)
		fputs(markup_of(text[i], own), stdout);
}

/* A title begins in the first column; all other lines do not. */
static bool is_title(const char *line, size_t len)
{
	return len && line[0] != ' ';
}

static bool is_open_at_first(const char *title, size_t len)
{
	for (size_t i = 0; i < sizeof(open_at_first) / sizeof(open_at_first[0]); i++) {
		size_t n = strlen(open_at_first[i]);

		if (len >= n && !memcmp(title, open_at_first[i], n))
			return true;
	}
	return false;
}

static void put_title(const char *title, size_t len, bool *is_in_section)
{
	if (*is_in_section)
		fputs("</pre></details>\n", stdout);
	printf("<details%s><summary>", is_open_at_first(title, len) ? " open" : "");
	put_escaped(title, len);
	fputs("</summary><pre>", stdout);
	*is_in_section = true;
}

void report_html(const char *title, const char *text)
{
	bool is_in_section = false;

	fputs("<!doctype html>\n<html lang=\"en\">\n<title>", stdout);
	put_escaped(title, strlen(title));
	printf("</title>\n%s<h1>", head);
	put_escaped(title, strlen(title));
	fputs("</h1>\n", stdout);
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (is_title(text, len))
			put_title(text, len, &is_in_section);
		else if (len && is_in_section && text[len])
			put_escaped(text, len + 1);
		text += len + (text[len] == '\n');
	}
	puts(is_in_section ? "</pre></details>\n</html>" : "</html>");
}
