/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as it is written: "key value" lines of a text file, and on the kernel's
 * command line crashbox.KEY=VALUE, which wins. Takes lines, not files, so that the
 * same code serves a file, a command line and a fuzzer.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>

#include "config_files.h"
#include "config_keys.h"

struct target_access;

#define DEFAULT_CONFIG "/etc/crashbox.conf"
#define LINE_LEN_MAX 2100	/* a recipient age1pq1...; of net, all of its routes */

/* One line of the file, without its newline. Empty lines and comments are fine. */
bool config_line(struct config *c, const char *line, struct err *e);

/*
 * A kernel command line: our words are taken, others passed over, but for the kernel's
 * own ip= where nothing else says what to do with the network. Bad ones are told of, and
 * the rest is used.
 */
void config_cmdline(struct config *c, const char *cmdline);

/*
 * A whole file with those of its folder (config_files.h), naming file, line and key in the
 * error. Nobody is told: stop at the first one; else tell of each and go on, false only when
 * a file cannot be read.
 */
bool config_file(struct config *c, const char *path, struct err *e);

/* For told: what is wrong is passed over, and only counted. */
void config_pass_over(const struct err *e);

/* What can be read of the files, and the defaults for the rest. */
void config_take(struct config *c, const char *path);

/* As config_file(), of a text that is called `of`: false when a line is wrong. */
bool config_text(struct config *c, const char *text, const char *of, struct err *e);

/* What it says of how its targets are reached. All that is borrowed is its own. */
void config_access(const struct config *c, struct target_access *a);

/* The server of `report`. False: there is none. */
bool config_line_server(const struct config *c, struct remote *server);

/*
 * The servers that a capture speaks to: those of its targets, in their order, then that of
 * `report`, then the nodes of `fence_kdump`. False behind the last.
 */
bool config_server(const struct config *c, unsigned nr, struct remote *server);

/* Has any of its targets, or its report, any of these needs (targets/target_kinds.h)? */
bool config_needs(const struct config *c, unsigned needs);

/* Can a capture be made with it? */
bool config_check(const struct config *c, struct err *e);

#endif
