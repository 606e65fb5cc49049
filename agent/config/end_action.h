/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the machine behind a capture. */
#ifndef CONFIG_END_ACTION_H
#define CONFIG_END_ACTION_H

#include <stdbool.h>

struct config;
struct err;
struct key_row;
struct setting;

enum action { ACTION_REBOOT, ACTION_POWEROFF, ACTION_HALT };

/* The row's value is an enum action. */
bool end_action_set(const struct setting *s, struct err *e);
void end_action_put(const struct key_row *row, const struct config *c);

#endif
