/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a crash to files on a sink: the recipe. The only place where the crashed
 * kernel and the dump format meet.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>

struct capture;
struct err;
struct totals;

/*
 * The steps, in this order; each may be left out, and they may be those of different
 * processes. c->t is begun once for a sink and tells in the end what came of them.
 */
void capture_begin(struct capture *c);

/* The log, committed; c->t->dmesg_saved says whether it is there now. */
void capture_log(struct capture *c);

/* The report, if c->reported is set, beside the log. */
void capture_report(struct capture *c);

/*
 * A manifest that tells of the log, and that the dump is not there: for whoever finds the
 * folder if nothing else comes. The one of capture_end() takes its place.
 */
void capture_tell(struct capture *c);

/*
 * True when the dump has its name on the target; c->t->valid and ->complete say what it is
 * worth. False: c->t->reasons and e say what failed, and the rest can still be done. Without
 * job->last_resort, a dump that would not fit is not begun (t->no_room).
 */
bool capture_dump(struct capture *c, struct err *e);

/* A dump that is there under its name: committed by somebody who could not say so any more. */
void capture_found(struct capture *c);

/* The manifest, which says all that c->t does, and this kernel's own log. */
bool capture_end(struct capture *c, struct err *e);

/* Another reason why the dump is not valid or not complete. */
void capture_because(struct totals *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* All of them. False when there is no dump, or no manifest to go with it. */
bool capture(struct capture *c, struct err *e);

#endif
