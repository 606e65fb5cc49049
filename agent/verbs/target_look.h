/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One target, looked at as closely as a machine that is up allows. */
#ifndef VERBS_TARGET_LOOK_H
#define VERBS_TARGET_LOOK_H

#include <stdint.h>

#include "host/finding.h"

struct config;

/* In memory that is shared with the child that looks at a target. */
struct seen {
	struct findings found;
	uint64_t steps;
};

struct look {
	struct findings *f;
	struct seen *seen;
	unsigned nr;		/* of the target that is looked at */
	const char *root;	/* "" but in tests */
	const char *ssh;	/* OpenSSH's client */
	const struct config *config;
	unsigned ram_gib;
	char what[16];		/* "target 1" */
};

/* What a dump seldom exceeds, in bytes. */
uint64_t target_dump_len(const struct config *config, unsigned ram_gib);

/* For guard_run(): of the look at `ctx` the target `nr`, into seen->found. */
void target_look(void *ctx);

#endif
