/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reads a crashed kernel: its facts, symbols' helpers and the unwinder, in one place. */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "facts.h"
#include "log_text.h"
#include "report.h"
#include "values.h"
#include "vmcore/bounds.h"
#include "vmcore/pagecache.h"

struct report_want {
	struct kernel *kernel;
	struct arena *arena;		/* for its lists; all of it is given back with them */
	const struct bounds *bounds;	/* it ends by then, with what it has */
	const struct elfcore *core;	/* where to search for a lost log; NULL nowhere */
	const uint8_t *notes;		/* of the file, for CPUs that left none in memory */
	size_t notes_len;
	const struct log_text *log;	/* NULL: it is in memory; else that is all there is */
	const struct known_list *known;	/* faults that somebody knows; NULL: no list */
	bool without_args;		/* command lines stay where they are */
	double live_s;			/* the machine lives, since so long; 0: it is dead */
};

struct triage {
	struct report *r;
	const struct report_want *want;
	struct space *space;
	unsigned page_shift;
	struct triage_facts facts;
	struct orc orc;
	struct unwinder unwinder;
	struct cpus cpus;
	struct slabs slabs;
	struct paths paths;
	struct values values;
	struct pagecache cache;		/* in front of the kernel's memory */
};

/* Is its time over? */
static inline bool triage_is_late(const struct triage *m)
{
	return bounds_over(m->want->bounds);
}

#endif
