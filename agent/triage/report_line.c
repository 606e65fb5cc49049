/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One key after the other, as long as there is room. */
#include "report_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "report.h"

#define VALUE_MAX 200
#define KNOWN_SHOWN 100		/* of what is known, whose rest the report has */

struct line {
	char *text;
	size_t size;
};

/* " key=value": in quotes where that takes it, which a value has none of. */
__attribute__((format(printf, 3, 4)))
static void put(struct line *l, const char *key, const char *fmt, ...)
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

/* Its kind and its function, which are the kernel's. */
static void put_bare_title(struct line *l, const struct signature *s)
{
	put(l, "what", s->n_frames ? "%.60s in %.100s" : "%.60s", s->kind_text,
	    s->frames[0].text);
}

void report_line(const struct report *r, bool is_bare, char *line, size_t size)
{
	const struct signature *s = &r->signature;
	struct line l = { line, size };

	line[0] = '\0';
	put(&l, "host", "%.64s", r->system.node);
	put(&l, "kernel", "%.64s", r->system.release);
	if (is_bare)
		put_bare_title(&l, s);
	else
		put(&l, "what", "%.160s", s->title);
	put(&l, "sig", "%s", s->id);
	put(&l, "coarse", "%s", s->coarse);
	put(&l, "known", "%.*s", KNOWN_SHOWN, r->known);
	if (r->crash_cpu >= 0)
		put(&l, "cpu", "%u", r->cpus[r->crash_cpu].nr);
	if (r->subject.at)
		put(&l, "pid", "%u", r->subject.pid);
	if (r->subject.at && !is_bare)
		put(&l, "comm", "%s", r->subject.comm);
	if (r->subject.at && !is_bare)
		put(&l, "cgroup", "%.120s", r->details.cgroup);
	put(&l, "taint", "%s", r->system.taint_letters);
	if (r->system.uptime_s >= 0)
		put(&l, "uptime", "%.0f", r->system.uptime_s);
}
