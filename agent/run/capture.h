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
 * the manifest. True when the dump is valid on the target; t->complete says whether
 * every page of it could be read, t->dmesg_saved whether the log could. False: t->reasons
 * and e say what failed, what could be saved is saved, another target may do better.
 */
bool capture(struct crash *crash, struct sink *sink, const struct job *job,
	     struct progress *progress, struct totals *t, struct err *e);

#endif
