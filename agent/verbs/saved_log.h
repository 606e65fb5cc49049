/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's log in a file of text, or on standard input, in place of a dump. */
#ifndef VERBS_SAVED_LOG_H
#define VERBS_SAVED_LOG_H

#include <stdbool.h>

#include "triage/log_text.h"

struct arena;
struct err;

/* "-", or a file that begins as text does. What cannot be opened is no text. */
bool saved_log_is(const char *path);

/*
 * The boot in it that died last. Of a file of more than 64 MiB only the end is looked at.
 * EINVAL: no line is a kernel's.
 */
bool saved_log_read(struct log_text *log, const char *path, struct arena *arena,
		    struct err *e);

#endif
