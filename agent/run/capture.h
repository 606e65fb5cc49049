/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a crash to files on a sink: the recipe. The only place where the crashed
 * kernel and the dump format meet.
 */
#ifndef RUN_CAPTURE_H
#define RUN_CAPTURE_H

#include <stdbool.h>

struct crash;
struct err;
struct job;
struct progress;
struct sink;
struct totals;

/*
 * Runs the job into the sink: dmesg first and committed, then the dump, then logs and
 * the manifest. True when all that was wanted is there, valid and complete; otherwise
 * t->reasons and e say what is missing, and what could be saved is saved.
 */
bool capture(struct crash *crash, struct sink *sink, const struct job *job,
	     struct progress *progress, struct totals *t, struct err *e);

#endif
