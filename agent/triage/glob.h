/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text against a pattern in which '*' stands for anything: for tables of words and names. */
#ifndef TRIAGE_GLOB_H
#define TRIAGE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* All of text, to its NUL. A pattern without '*' is the text itself. */
bool glob_match(const char *pattern, const char *text);

/* Does any row of a NULL-ended table match? */
bool glob_any(const char *const *patterns, const char *text);

#endif
