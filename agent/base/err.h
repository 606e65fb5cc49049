/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors: a failure is a code for policy and a sentence for people, kept in the caller's
 * frame: nothing here allocates, prints or fails itself.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

struct err {
	int code;	/* errno-style: ENOSPC, ETIMEDOUT ... decide what happens next */
	char text[240];	/* "outer context: inner cause", cut when too long */
};

/*
 * Both are false, so that a caller can write `return fail(e, ...)`; macros, because
 * then the compiler knows it too. within() puts context in front of what is in e.
 */
#define fail(e, code, ...) ({ err_set(e, code, __VA_ARGS__); false; })
#define within(e, ...) ({ err_prefix(e, __VA_ARGS__); false; })

void err_set(struct err *e, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void err_prefix(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
