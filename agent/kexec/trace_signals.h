/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel notes who sends a signal that ends a process: a trace ring of its own,
 * with one event, which the report of a crash reads.
 */
#ifndef KEXEC_TRACE_SIGNALS_H
#define KEXEC_TRACE_SIGNALS_H

#include <stdbool.h>

struct err;

/* Arms it; once more does no harm. root: "" but in tests. */
bool trace_signals_arm(const char *root, struct err *e);

/* Takes it away again; true if there was none. */
bool trace_signals_disarm(const char *root, struct err *e);

/* Is there a ring of ours, and does it note anything? */
bool trace_signals_is_there(const char *root);
bool trace_signals_is_armed(const char *root);

#endif
