/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One attempt at a capture: what it is told, by whoever watches it. */
#ifndef SUPERVISE_ATTEMPT_H
#define SUPERVISE_ATTEMPT_H

#include <stdbool.h>

#include "targets/disk.h"

struct occasion;

/* What an attempt does without, because one before it has died of that, or failed with it. */
enum without {
	WITHOUT_WORKERS = 1 << 0,	/* one has to do, with the memory of one */
	WITHOUT_LISTS = 1 << 1,		/* of CPUs' free pages and of tasks: no keep_user */
	WITHOUT_PAST = 1 << 2,		/* old dumps are neither counted nor removed */
	WITHOUT_EXTRAS = 1 << 3,	/* this kernel's own log, and what matters as little */
	WITHOUT_TABLES = 1 << 4,	/* its own account of the log: that is searched for */
	WITHOUT_TRUST = 1 << 5,		/* all that the crashed kernel says of itself */
	/* Nothing yet: what one has died of may have been chance, and the rest costs much. */
	ONCE_MORE_OPEN = 1 << 6,
	ONCE_MORE_DMESG = 1 << 7,
	/* The dump is somewhere; a target without log or manifest was asked again. */
	ONCE_MORE_REST = 1 << 8,
	/* What costs little, and all there is: where it is not known what one has died of. */
	WITHOUT_LITTLE = WITHOUT_WORKERS | WITHOUT_LISTS | WITHOUT_PAST | WITHOUT_EXTRAS,
	WITHOUT_ALL = WITHOUT_LITTLE | WITHOUT_TABLES | WITHOUT_TRUST,
};

/* What earlier attempts have taught; what became of the targets is in their fates. */
struct attempt {
	bool load_modules;
	unsigned first_module;	/* those before it have been tried */
	unsigned without;	/* enum without */
	unsigned round;		/* all targets have had that many turns before */
	char earlier[200];	/* what became of the attempt before, "" if none */
	struct hung_devices hung;
	double give_up;		/* monotonic second at which copying must stop */
	unsigned tidy;		/* all there is to do is to remove what was not taken back
				   on this target, counted from 1 */
	bool last_words;	/* or that the firmware gets the end of a log nobody took */
	const struct occasion *occasion;
};

#endif
