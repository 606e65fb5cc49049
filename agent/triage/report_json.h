/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for programs: one JSON object, schema 1, see crashbox-report(5). */
#ifndef TRIAGE_REPORT_JSON_H
#define TRIAGE_REPORT_JSON_H

#include "base/jsonwrite.h"

struct report;

/* Into j, which the caller began and ends. */
void report_json(struct report *r, struct json *j);

#endif
