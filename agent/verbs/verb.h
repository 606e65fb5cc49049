/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a verb of the command line is. Each lives in a file of its own, which defines its
 * struct verb_NAME; verbs/list.h names them in the order of `crashbox --help`.
 */
#ifndef VERBS_VERB_H
#define VERBS_VERB_H

struct verb {
	const char *name;
	const char *usage;	/* what stands behind the name; continued lines are indented */
	const char *summary;	/* one line, for `crashbox --help` */
	const char *help;	/* the rest of `crashbox NAME --help`: options, exit status */
	int (*run)(int argc, char **argv);	/* argv[0] is the name; an exit status */
};

/* Says what is wrong with the command line, and where to read on. Always 1. */
__attribute__((format(printf, 1, 2)))
int usage(const char *fmt, ...);

#define VERB(name) extern const struct verb verb_##name;
#include "verbs.h"
#undef VERB

#endif
