/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every section of a report may ask or say. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>

const char *report_level_name(enum report_level level)
{
	static const char *const names[] = { "log", "symbols", "types" };

	return names[level];
}

double report_seconds_since(const struct report *r, uint64_t since_ns)
{
	double since = since_ns / 1e9;

	return since_ns && r->system.uptime_s > since ? r->system.uptime_s - since : -1;
}

void report_lacks(struct report *r, const char *section, const char *fmt, ...)
{
	struct report_missing *m = &r->missing[r->n_missing];
	va_list args;

	if (r->n_missing == REPORT_MISSING)
		return;
	r->n_missing++;
	m->section = section;
	va_start(args, fmt);
	vsnprintf(m->why, sizeof(m->why), fmt, args);
	va_end(args);
}
