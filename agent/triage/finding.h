/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One sentence that says what happened, with what proves it. A rule speaks only if two
 * independent witnesses agree, and none is better than a wrong one.
 */
#ifndef TRIAGE_FINDING_H
#define TRIAGE_FINDING_H

#include "report.h"

/* Fills finding and also. Never fails: "not known" is a finding. */
void finding_make(struct report *r);

#endif
