/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What node-problem-detector's custom plugins answer: a line, and an exit status. */
#ifndef VERBS_PLUGIN_H
#define VERBS_PLUGIN_H

enum plugin_status { PLUGIN_WELL, PLUGIN_PROBLEM, PLUGIN_UNKNOWN };

/* Says one line of printable characters, which may be cut; returns the status. */
__attribute__((format(printf, 2, 3)))
int plugin_say(enum plugin_status status, const char *fmt, ...);

#endif
