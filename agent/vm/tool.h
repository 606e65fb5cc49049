/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of this host, one after the other: mke2fs, debugfs, and ourselves. */
#ifndef VM_TOOL_H
#define VM_TOOL_H

#include <stdbool.h>

#include "want.h"

struct err;

/* From here on SIGINT and its kin wait for child_tick(): an fd for that. */
int tool_take_signals(void);

/* Has one of them come that no tick has taken? Whatever takes long asks. */
bool tool_is_stopped(void);

/*
 * Runs it to its end, or to ours, its output in VM_TOOL_LOG, of which the last line is the
 * reason when it fails. *status_ret, if not NULL, takes its exit status, and only what did not
 * run is a failure.
 */
bool tool_run(const char *const argv[], const struct vm_folders *at, int *status_ret,
	      struct err *e);

/* Is there such a program where tool_exec() looks? */
bool tool_is_there(const char *name);

/* Execs a program, which may be in a folder for administrators; returns if it is not there. */
void tool_exec(const char *const argv[]);

/* The last line of a file, "" if it has none. */
void tool_last_line(const char *path, char line[160]);

/* Removes a folder with all that is in it. */
void tool_remove(const char *folder);

#endif
