/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kdump's three dialects have in common, and how it is said in ours. */
#include "import.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "config/config_value.h"
#include "shellvars.h"

const char *note_kind_name(enum note_kind kind)
{
	static const char *const names[] = {
		[NOTE_LOST] = "not taken over", [NOTE_CHANGED] = "changed",
		[NOTE_TODO] = "to be done",
	};

	return names[kind];
}

/* Takes the line back that stands behind m->len. */
static void take_back(struct import *m, const char *what, const char *why)
{
	const char *was = m->what;

	m->text[m->len] = '\0';
	m->what = what;
	import_note(m, NOTE_LOST, "%s", why);
	m->what = was;
}

/* Would we take it ourselves? What another tool wrote may be no name, or no path, of ours. */
static bool is_ours(const char *line, struct err *e)
{
	struct config config;

	config_init(&config);
	return config_line(&config, line, e);
}

void import_put(struct import *m, const char *fmt, ...)
{
	struct err e;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(m->text + m->len, sizeof(m->text) - m->len, fmt, ap);
	va_end(ap);
	/* A line that does not fit is no line. */
	if (n < 0 || (size_t)n + 2 > sizeof(m->text) - m->len) {
		take_back(m, "a line", "there are too many of them");
		return;
	}
	if (!is_ours(m->text + m->len, &e)) {
		take_back(m, m->what, e.text);
		return;
	}
	m->len += n;
	m->text[m->len++] = '\n';
	m->text[m->len] = '\0';
}

void import_note(struct import *m, enum note_kind kind, const char *fmt, ...)
{
	struct import_note *note = &m->notes[m->n_notes];
	va_list ap;

	if (m->n_notes == IMPORT_NOTES)
		return;
	if (++m->n_notes == IMPORT_NOTES) {
		*note = (struct import_note){ .what = "the rest", .why = "too much to "
			 "tell" };
		return;
	}
	note->kind = kind;
	note->line = m->line;
	snprintf(note->what, sizeof(note->what), "%s", m->what);
	for (char *c = note->what; *c; c++)
		*c = printable(*c);
	va_start(ap, fmt);
	vsnprintf(note->why, sizeof(note->why), fmt, ap);
	va_end(ap);
	for (char *c = note->why; *c; c++)
		*c = printable(*c);
}

bool import_copy(struct import *m, char *to, size_t size, const char *value)
{
	if (strlen(value) < size) {
		snprintf(to, size, "%s", value);
		return true;
	}
	import_note(m, NOTE_LOST, "longer than %zu characters", size - 1);
	return false;
}

void import_put_target(struct import *m, const char *target)
{
	bool quoted = config_value_needs_quotes(target);

	if (strlen(target) >= TARGET_MAX)
		import_note(m, NOTE_LOST, "the target would be longer than %u characters",
			    TARGET_MAX - 1);
	else if (quoted && strchr(target, '"'))
		import_note(m, NOTE_LOST, "%s: a name with quotes in it", target);
	else
		import_put(m, quoted ? "target \"%s\"" : "target %s", target);
}

bool import_action(struct import *m, const char *key, const char *action)
{
	static const char *const ours[] = { "reboot", "halt", "poweroff" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (!strcmp(action, ours[i])) {
			import_put(m, "%s %s", key, action);
			return true;
		}
	}
	return false;
}

/* ---- tables ----------------------------------------------------------------- */

void import_other(struct import *m, const struct import_reason *reasons, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(m->what, reasons[i].key)) {
			import_note(m, reasons[i].kind, "%s", reasons[i].why);
			return;
		}
	}
	import_note(m, NOTE_LOST, "this key is not known");
}

/* Where it is assigned to once more, 0: nowhere. */
static unsigned later_line(struct shell_text text, const struct shell_var *of)
{
	struct shell_var v = { .depth = of->depth };
	unsigned last = 0;

	while (shell_var_next(&text, &v))
		if (v.is_assignment && !strcmp(v.name, of->name))
			last = v.line;
	return last;
}

bool import_next(struct import *m, struct shell_text *text, struct shell_var *v)
{
	while (shell_var_next(text, v)) {
		unsigned later = v->is_assignment ? later_line(*text, v) : 0;

		m->line = v->line;
		m->what = v->name;
		if (!later)
			return true;
		if (v->value[0] || v->is_odd)
			import_note(m, NOTE_CHANGED, "overridden by line %u", later);
	}
	return false;
}

void import_variable(struct import *m, const struct import_table *table,
		     const struct shell_var *v)
{
	for (size_t i = 0; i < table->n_takers; i++) {
		if (!strcmp(v->name, table->takers[i].name)) {
			table->takers[i].take(m, v);
			return;
		}
	}
	import_other(m, table->others, table->n_others);
}
