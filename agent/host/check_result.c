/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a check. A list; the last row takes what comes when it is full. */
#include "check_result.h"

#include <stdarg.h>
#include <stdio.h>

void found(struct check_results *f, const char *what, enum grade grade, const char *fmt, ...)
{
	unsigned at = f->n < MAX_CHECK_RESULTS ? f->n++ : MAX_CHECK_RESULTS - 1;
	struct check_result *row = &f->rows[at];
	va_list ap;

	snprintf(row->what, sizeof(row->what), "%s", what);
	row->grade = grade;
	va_start(ap, fmt);
	vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
}

const char *grade_name(enum grade grade)
{
	static const char *const names[] = { "ok", "warn", "fail" };

	return names[grade];
}

enum grade check_results_worst(const struct check_results *f)
{
	enum grade worst = GRADE_OK;

	for (unsigned i = 0; i < f->n; i++)
		if (f->rows[i].grade > worst)
			worst = f->rows[i].grade;
	return worst;
}
