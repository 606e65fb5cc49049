/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reads a crashed kernel: its facts, symbols' helpers and the unwinder, in one place. */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "facts.h"
#include "vmcore/pagecache.h"

struct report;
struct report_want;

struct triage {
	struct report *r;
	const struct report_want *want;
	struct space *space;
	unsigned page_shift;
	struct triage_facts facts;
	struct orc orc;
	struct unwinder unwinder;
	struct cpus cpus;
	struct pagecache cache;		/* in front of the kernel's memory */
};

#endif
