/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log from before the death that may have to do with it. */
#ifndef TRIAGE_TIMELINE_H
#define TRIAGE_TIMELINE_H

#include "crash_kind.h"
#include "kernel/log_line.h"

#define TIMELINE_LINES 40

struct timeline {
	struct log_line lines[TIMELINE_LINES];	/* a ring: the newest stay */
	unsigned n_seen;
};

/* Keeps the line if it matters. */
void timeline_add(struct timeline *t, const struct log_line *line);

/* The i-th that is there, oldest first; NULL behind the last. */
const struct log_line *timeline_line(const struct timeline *t, unsigned i);

/* Does such a line tell more of a death of that kind than its own words do? */
bool timeline_tells_of(const struct log_line *line, enum crash_kind kind);

/* Does it tell that a device or a file system failed? */
bool timeline_is_trouble(const struct log_line *line);

#endif
