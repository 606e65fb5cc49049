/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three words. */
#include "end_action.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "key_values.h"

static const char *const actions[] = {
	[ACTION_REBOOT] = "reboot", [ACTION_POWEROFF] = "poweroff", [ACTION_HALT] = "halt",
};

bool end_action_set(const struct setting *s, struct err *e)
{
	for (unsigned i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!strcmp(s->value, actions[i])) {
			*(enum action *)key_at(s) = i;
			return true;
		}
	}
	return fail(e, EINVAL, "'%s' is none of reboot, poweroff, halt", s->value);
}

void end_action_put(const struct key_row *row, const struct config *c)
{
	printf("%s %s\n", row->help.key, actions[*(const enum action *)key_seen_at(row, c)]);
}
