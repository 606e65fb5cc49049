/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section of the disks, in both forms, and what is found by them. */
#ifndef TRIAGE_REPORT_DISKS_H
#define TRIAGE_REPORT_DISKS_H

#include "base/jsonwrite.h"
#include "report.h"
#include "text_page.h"

void report_disks_text(struct report *r, struct text_page *p);
void report_disks_json(struct report *r, struct json *j);

#endif
