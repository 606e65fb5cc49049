/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the looks at one target share: where it is, and what was seen there. */
#ifndef READY_TARGET_SEEN_H
#define READY_TARGET_SEEN_H

#include <stdint.h>

#include "host/check_result.h"
#include "targets/pace.h"

struct config;

/* In memory that is shared with the child that looks at a target. */
struct seen {
	struct check_results found;
	uint64_t steps;
	struct pace pace;	/* of the last dump there */
};

struct look {
	struct check_results *f;
	struct seen *seen;
	unsigned nr;		/* of the target that is looked at */
	const char *root;	/* "" but in tests */
	const char *ssh;	/* OpenSSH's client */
	const struct config *config;
	unsigned ram_gib;
	char what[16];		/* "target 1" */
};

#endif
