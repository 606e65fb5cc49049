/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what is in a report. */
#include "report.h"

const char *report_level_name(enum report_level level)
{
	static const char *const names[] = { "log", "symbols", "types" };

	return names[level];
}

double disk_request_age(const struct report *r, const struct disk_request *request)
{
	double since = request->since_ns / 1e9;

	/* The log's clock may be a little behind. */
	return since > 0 && r->system.uptime_s > since - 1 ? r->system.uptime_s - since : -1;
}
