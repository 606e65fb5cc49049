/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One attempt at a capture: what it is told, by whoever watches it. */
#ifndef SUPERVISE_ATTEMPT_H
#define SUPERVISE_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "targets/disk.h"

/*
 * A capture on a healthy machine, to see whether one would succeed: nothing is done to the
 * machine's modules, network and kernel log, every target gets the dump and not only the
 * first, and what was written is removed again.
 */
struct rehearsal {
	const char *core;	/* in place of /proc/vmcore */
	const char *ssh;	/* OpenSSH's client on this machine */
	char mount_at[64];	/* a folder of our own to mount targets in */
	struct {
		bool whole;	/* it had all of it, and gave it back */
		bool removed;	/* nothing of it is there any more */
		uint64_t len;	/* of the dump */
		double seconds;	/* from opening the target on */
	} results[MAX_TARGETS];
};

/* What an attempt does without, because one before it has died of that, or failed with it. */
enum without {
	WITHOUT_WORKERS = 1 << 0,	/* one has to do, with the memory of one */
	WITHOUT_LISTS = 1 << 1,		/* of CPUs' free pages and of tasks: no keep_user */
	WITHOUT_PAST = 1 << 2,		/* old dumps are neither counted nor removed */
	WITHOUT_EXTRAS = 1 << 3,	/* this kernel's own log, and what matters as little */
	WITHOUT_TABLES = 1 << 4,	/* its own account of the log: that is searched for */
	WITHOUT_TRUST = 1 << 5,		/* all that the crashed kernel says of itself */
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
	unsigned tidy;		/* all there is to do is to remove what a rehearsal has left
				   on this target, counted from 1 */
	struct rehearsal *rehearsal;	/* NULL: it is serious */
};

#endif
