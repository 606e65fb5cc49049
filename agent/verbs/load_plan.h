/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `load` would load: the words it is asked with, found and shown as `show` does. */
#ifndef VERBS_LOAD_PLAN_H
#define VERBS_LOAD_PLAN_H

#include <stdbool.h>

#include "config/config.h"
#include "kexec/plan.h"
#include "verb.h"

struct load_words {
	struct plan_want want;
	const char *config;
	char config_path[HOST_PATH_MAX];
	struct arming standing;		/* what the configuration says */
	bool tools, no_checks, trace_signals, dry_run, only_cmdline;
};

/* Takes the words of a verb, and finds what they lead to; says what is wrong with them. */
bool load_plan(struct plan *p, struct load_words *w, const struct verb *verb, int argc,
	       char **argv);

/* An exit status: 1 when something of it is not there. */
int load_plan_show(const struct plan *p, const struct load_words *w);

#endif
