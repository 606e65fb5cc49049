/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of NAME="value" lines that a shell is meant to read. We are none: what it would have
   to work out is told apart from what simply stands there. */
#ifndef IMPORT_SHELLVARS_H
#define IMPORT_SHELLVARS_H

#include <stdbool.h>

struct shell_var {
	char name[64];
	char value[512];
	unsigned line;
	bool is_assignment;	/* to `name`; else that is how the line begins */
	bool is_odd;		/* no assignment, or one that only a shell can work out */
	unsigned depth;		/* of if, case, loops and braces that are open behind it */
};

struct shell_text {
	const char *at;
	unsigned line;		/* how many are behind us */
};

/*
 * The next line that is neither empty nor a comment. A value that
 * does not fit, or has $, ` or a line's end in it, is odd, and so is one that stands where a
 * shell may not come by. *v is the line before, or all zero.
 */
bool shell_var_next(struct shell_text *text, struct shell_var *v);

#endif
