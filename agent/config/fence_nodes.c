/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is told of a capture. */
#include "fence_nodes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "key_values.h"
#include "targets/remote.h"

bool fence_nodes_set(const struct setting *s, struct err *e)
{
	struct fence_nodes *nodes = key_at(s);
	struct remote ignored;

	if (nodes->n == MAX_FENCE)
		return fail(e, EINVAL, "more than %u nodes", MAX_FENCE);
	if (strlen(s->value) >= FENCE_MAX)
		return fail(e, EINVAL, "longer than %u characters", FENCE_MAX - 1);
	if (!remote_parse_node(&ignored, s->value, e))
		return false;
	snprintf(nodes->names[nodes->n++], FENCE_MAX, "%s", s->value);
	return true;
}

void fence_nodes_put(const struct key_row *row, const struct config *c)
{
	const struct fence_nodes *nodes = key_seen_at(row, c);

	for (unsigned i = 0; i < nodes->n; i++)
		printf("%s %s\n", row->help.key, nodes->names[i]);
}
