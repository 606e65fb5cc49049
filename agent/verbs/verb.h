/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a verb of the command line is. Each lives in a file of its own, which defines its
 * struct verb_NAME; verbs.h names them in the order of `crashbox --help`.
 */
#ifndef VERBS_VERB_H
#define VERBS_VERB_H

#include <stdbool.h>

#include "options.h"

struct verb {
	const char *name;
	const char *operands;	/* what stands behind the options */
	const char *summary;	/* one line, for `crashbox --help` */
	const struct option_row *options;
	const char *about;	/* the rest of `crashbox NAME --help`: before the options, */
	const char *more;	/* and behind them, such as the exit status; may be "" */
	int (*run)(int argc, char **argv);	/* argv[0] is the name; an exit status */
};

/* Says what is wrong with the command line, and where to read on. Always 1. */
__attribute__((format(printf, 1, 2)))
int usage(const char *fmt, ...);

/* Takes the verb's options out of argv, or says what is wrong with them. */
bool verb_options(const struct verb *verb, void *into, int argc, char **argv,
		  struct operands *out);

#define VERB(name) extern const struct verb verb_##name;
#include "verbs.h"
#undef VERB

#endif
