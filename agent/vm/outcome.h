/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a guest: a number, a line, and the same for machines that read it. */
#ifndef VM_OUTCOME_H
#define VM_OUTCOME_H

#include <stdbool.h>

#include "want.h"

struct err;

enum outcome_kind {
	OUTCOME_DONE,		/* the command has succeeded, or there was none */
	OUTCOME_FAILED,		/* it ran, and did not */
	OUTCOME_PANICKED,
	OUTCOME_HUNG,
	OUTCOME_KILLED,		/* QEMU was */
	OUTCOME_TIME_UP,
	OUTCOME_GONE,		/* off before the command had ended, by no panic */
	OUTCOME_NOTHING,	/* of the guest nothing was found out */
	N_OUTCOMES,
};

struct outcome_row {
	const char *name;
	unsigned char exit_status;
};

extern const struct outcome_row outcome_rows[N_OUTCOMES];

#define OUTCOME_TEXT 600

struct outcome {
	enum outcome_kind kind;
	char line[OUTCOME_TEXT];	/* what happened, and what there is of it */
	double seconds;
	const struct vm_want *want;
	const struct vm_folders *at;
};

/* "make check 'a b'": the command as one text, cut to fit. */
void outcome_command(const struct vm_want *w, char text[160]);

/* A file for continuous integration, and lines of the Test Anything Protocol. */
bool outcome_junit(const struct outcome *o, const char *path, struct err *e);
void outcome_tap(const struct outcome *o);

#endif
