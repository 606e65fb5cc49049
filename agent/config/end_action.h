/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the machine behind a capture. */
#ifndef CONFIG_END_ACTION_H
#define CONFIG_END_ACTION_H

#include <stdbool.h>

struct err;

enum action { ACTION_REBOOT, ACTION_POWEROFF, ACTION_HALT };

bool end_action_parse(enum action *action, const char *value, struct err *e);

const char *end_action_name(enum action action);

#endif
