/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One attempt at a capture: what it is told, by whoever watches it. */
#ifndef RUN_ATTEMPT_H
#define RUN_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/config.h"
#include "machine/disk.h"

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

/* What earlier attempts have taught; what became of the targets is in their fates. */
struct attempt {
	bool load_modules;
	unsigned first_module;	/* those before it have been tried */
	bool salvage_only;	/* its own account of the log has killed one of us */
	bool distrust;		/* nothing that the crashed kernel says is looked at */
	char earlier[200];	/* what became of the attempt before, "" if none */
	struct hung_devices hung;
	double give_up;		/* monotonic second at which copying must stop */
	unsigned tidy;		/* all there is to do is to remove what a rehearsal has left
				   on this target, counted from 1 */
	struct rehearsal *rehearsal;	/* NULL: it is serious */
};

#endif
