/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What PID 1's child does in the capture kernel: everything that may block, fail or
 * die. Written so that another attempt can take up where one was killed.
 */
#ifndef SUPERVISE_SESSION_H
#define SUPERVISE_SESSION_H

struct attempt;
struct config;
struct fate;
struct progress;
struct totals;

/*
 * The log to every target that can be had, the dump to the first that takes all of it,
 * a manifest to each. There is a fate for each of the config's targets, and what its
 * manifest is to say, both of which the next child goes on with. Exit status of the child:
 * 0 when one of them has the dump.
 */
int session_run(const struct config *config, const struct attempt *attempt,
		struct fate *fates, struct totals *totals, struct progress *progress);

#endif
