/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any folder of a machine that is up, where one may be named in the place of a target. */
#include <errno.h>
#include <stdio.h>

#include "base/err.h"
#include "mounted.h"
#include "target.h"
#include "target_kinds.h"

static bool reach(struct target *t, struct err *e)
{
	const char *words = t->access.words;

	return snprintf(t->path, sizeof(t->path), "%s", words) < (int)sizeof(t->path) ||
	       fail(e, ENAMETOOLONG, "%s: longer than %zu characters", words,
		    sizeof(t->path) - 1);
}

const struct target_kind kind_folder = {
	.name = "folder",
	.can = CAN_ALL,
	.reach = reach,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
