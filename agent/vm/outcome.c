/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outcomes as numbers, as JUnit's XML and as TAP. */
#include "outcome.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/markup.h"
#include "targets/crash_files.h"

#define HEAD_LINES 40		/* of a report */
#define CONSOLE_TAIL 16384

const struct outcome_row outcome_rows[N_OUTCOMES] = {
	[OUTCOME_DONE] = { "done", 0 },
	[OUTCOME_FAILED] = { "failed", 1 },
	[OUTCOME_PANICKED] = { "panicked", 3 },
	[OUTCOME_HUNG] = { "hung", 4 },
	[OUTCOME_KILLED] = { "killed", 5 },
	[OUTCOME_TIME_UP] = { "time-up", 6 },
	[OUTCOME_GONE] = { "gone", 7 },
	[OUTCOME_NOTHING] = { "nothing", 125 },
};

void outcome_command(const struct vm_want *w, char text[160])
{
	size_t len = 0;

	snprintf(text, 160, "boot");
	for (unsigned i = 0; i < w->n_command && len < 159; i++)
		len += snprintf(text + len, 160 - len, "%s%s", i ? " " : "", w->command[i]);
}

/* ---- JUnit ------------------------------------------------------------------ */

static void put_xml(FILE *to, const char *text, size_t n)
{
	char own[2];

	for (size_t i = 0; i < n; i++)
		fputs(markup_of(text[i], own), to);
}

static void put_words(FILE *to, const char *text)
{
	put_xml(to, text, strlen(text));
}

/* The first lines of the report, each behind `before`. */
static void put_head(FILE *to, const struct outcome *o, const char *before, bool is_xml)
{
	char path[HOST_PATH_MAX], line[512];
	FILE *from;

	vm_path(path, o->at->out, crash_files[CRASH_REPORT].name);
	from = fopen(path, "re");
	for (unsigned i = 0; from && i < HEAD_LINES && fgets(line, sizeof(line), from); i++) {
		fputs(before, to);
		if (is_xml)
			put_words(to, line);
		else
			fputs(line, to);
	}
	if (from)
		fclose(from);
}

static void put_console(FILE *to, const struct outcome *o)
{
	char path[HOST_PATH_MAX], bytes[1024];
	FILE *from;
	size_t n;

	vm_path(path, o->at->out, VM_CONSOLE);
	from = fopen(path, "re");
	if (!from)
		return;
	if (fseek(from, -CONSOLE_TAIL, SEEK_END))
		rewind(from);
	while ((n = fread(bytes, 1, sizeof(bytes), from)))
		put_xml(to, bytes, n);
	fclose(from);
}

static void put_case(FILE *to, const struct outcome *o)
{
	const char *kind = o->kind == OUTCOME_NOTHING ? "error" : "failure";
	char command[160];

	outcome_command(o->want, command);
	fputs("  <testcase classname=\"crashbox.vm\" name=\"", to);
	put_words(to, command);
	fprintf(to, "\" time=\"%.3f\">\n", o->seconds);
	if (o->kind != OUTCOME_DONE) {
		fprintf(to, "    <%s type=\"%s\" message=\"", kind, outcome_rows[o->kind].name);
		put_words(to, o->line);
		fputs("\">", to);
		put_head(to, o, "", true);
		fprintf(to, "</%s>\n", kind);
	}
	fputs("    <system-out>", to);
	put_console(to, o);
	fputs("</system-out>\n  </testcase>\n", to);
}

bool outcome_junit(const struct outcome *o, const char *path, struct err *e)
{
	FILE *to = fopen(path, "we");
	bool ok;

	if (!to)
		return fail(e, errno, "--junit %s: %s", path, strerror(errno));
	fprintf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite "
		"name=\"crashbox vm\" tests=\"1\" failures=\"%d\" errors=\"%d\" "
		"time=\"%.3f\">\n", o->kind != OUTCOME_DONE && o->kind != OUTCOME_NOTHING,
		o->kind == OUTCOME_NOTHING, o->seconds);
	put_case(to, o);
	fputs("</testsuite>\n", to);
	ok = !ferror(to);
	return (!fclose(to) && ok) || fail(e, errno, "--junit %s: %s", path, strerror(errno));
}

/* ---- TAP -------------------------------------------------------------------- */

void outcome_tap(const struct outcome *o)
{
	char command[160];

	outcome_command(o->want, command);
	for (char *at = command; *at; at++)
		if (*at == '#' || *at == '\n')
			*at = '_';
	printf("TAP version 13\n1..1\n%sok 1 - %s\n", o->kind == OUTCOME_DONE ? "" : "not ",
	       command);
	if (o->kind == OUTCOME_DONE)
		return;
	printf("# %s: %s\n", outcome_rows[o->kind].name, o->line);
	put_head(stdout, o, "# ", false);
}
