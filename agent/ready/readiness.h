/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would a panic of this machine be captured, now and after the next boot? Everything that
 * can be told without the targets. It is judged by what is loaded, not by what would be.
 */
#ifndef READY_READINESS_H
#define READY_READINESS_H

#include <stdbool.h>

struct config;
struct check_results;

struct readiness_want {
	const char *root;
	const char *config_path;	/* what `config` came from */
	const struct config *config;	/* NULL: there is none that could be read */
	const char *version;		/* of this program */
};

/*
 * What a capture would have for its configuration goes to `loaded`: the file in the image and
 * the words of the command line. False when none can be told.
 */
bool readiness_check(struct check_results *f, const struct readiness_want *want,
		     struct config *loaded);

#endif
