/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of `crashbox look`, named as crash's users know them. */
#ifndef VERBS_LOOK_COMMANDS_H
#define VERBS_LOOK_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

struct look;

/*
 * Does one line of words. False: what was wrong with it was said on standard error. An empty
 * line does nothing.
 */
bool look_command(struct look *l, char *line);

/* "sys         the machine, its kernel, ...": a line for each command. */
void look_help(void);

#endif
