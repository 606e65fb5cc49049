/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands of `crashbox look` work on, their words, and how they say what is wrong. */
#ifndef VERBS_LOOK_WORDS_H
#define VERBS_LOOK_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct kdump_paths;
struct kernel;
struct report;

struct look {
	const struct kdump_paths *files;	/* of the core or dump */
	struct kernel *kernel;
	struct report *r;
	char *text;			/* for what is printed */
	size_t size;
	bool is_over;			/* it was said that no more commands follow */
};

#define LOOK_WORDS_MAX 16

struct words {
	const char *w[LOOK_WORDS_MAX];	/* w[0] is the command */
	unsigned n;
};

/* On standard error; returns false. */
bool look_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
