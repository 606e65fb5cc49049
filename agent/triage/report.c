/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what is in a report. */
#include "report.h"

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
