/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three words. */
#include "end_action.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

static const char *const actions[] = {
	[ACTION_REBOOT] = "reboot", [ACTION_POWEROFF] = "poweroff", [ACTION_HALT] = "halt",
};

bool end_action_parse(enum action *action, const char *value, struct err *e)
{
	for (unsigned i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!strcmp(value, actions[i])) {
			*action = i;
			return true;
		}
	}
	return fail(e, EINVAL, "'%s' is none of reboot, poweroff, halt", value);
}

const char *end_action_name(enum action action)
{
	return actions[action];
}
