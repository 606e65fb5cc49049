/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for what is in a report. */
#include "report.h"

const char *report_level_name(enum report_level level)
{
	static const char *const names[] = { "log", "symbols", "types" };

	return names[level];
}
