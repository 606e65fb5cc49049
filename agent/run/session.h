/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What PID 1's child does in the capture kernel: everything that may block, fail or
 * die. Written so that another attempt can take up where one was killed.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <stdbool.h>

#include "machine/disk.h"

struct config;
struct progress;

struct attempt {
	unsigned target;	/* index of the first target to try */
	bool load_modules;
	unsigned first_module;	/* those before it have been tried */
	bool want_dmesg, want_dump;	/* on that target; later ones get both */
	bool dmesg_saved;	/* it is on that target already */
	bool salvage_only;	/* its own account of the log has killed one of us */
	bool distrust;		/* nothing that the crashed kernel says is looked at */
	char resume[400];	/* folder made there before, "" if none */
	char earlier[200];	/* what became of the attempt before, "" if none */
	struct hung_devices hung;
	double give_up;		/* monotonic second at which copying must stop */
};

/* Exit status of the child: 0 when one target has all that was wanted. */
int session_run(const struct config *config, const struct attempt *attempt,
		struct progress *progress);

#endif
