/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is told of a capture. */
#include "fence_nodes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "targets/remote.h"

bool fence_nodes_add(struct fence_nodes *nodes, const char *value, struct err *e)
{
	struct remote ignored;

	if (nodes->n == MAX_FENCE)
		return fail(e, EINVAL, "more than %u nodes", MAX_FENCE);
	if (strlen(value) >= FENCE_MAX)
		return fail(e, EINVAL, "longer than %u characters", FENCE_MAX - 1);
	if (!remote_parse_node(&ignored, value, e))
		return false;
	snprintf(nodes->names[nodes->n++], FENCE_MAX, "%s", value);
	return true;
}

void fence_nodes_print(const char *key, const struct fence_nodes *nodes)
{
	for (unsigned i = 0; i < nodes->n; i++)
		printf("%s %s\n", key, nodes->names[i]);
}
