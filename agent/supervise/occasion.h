/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture is made for, as properties: a crash (supervise/init), or a test on the
 * healthy machine (verbs/test). Whoever captures asks what is to be done, never which it is.
 */
#ifndef SUPERVISE_OCCASION_H
#define SUPERVISE_OCCASION_H

#include <stdbool.h>

struct err;
struct places;
struct target;

struct occasion {
	const char *happened;	/* to the machine, for the log: "crashed" */
	const struct places *places;
	const char *suffix;	/* behind the host in the name of the folder */
	bool brings_up;		/* modules, network, kernel log; devices are on their way */
	bool shows_end;		/* of the log, on a console that may be all there is */
	bool every_target;	/* gets the dump, and not the first alone that has room */
	bool may_withhold;	/* the dump, where crashes come too fast */
	bool goes_on;		/* in rounds, until something is saved */
	bool last_words;	/* a log that no target took is worth the firmware's room */
	bool may_be_stopped;	/* by a signal, or with whoever watches the children */
	/* Removes what is in the crash's folder there and closes the sink; NULL: it stays. */
	bool (*take_back)(struct target *target, const char *folder, struct err *e);
};

#endif
