/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks whose memory is kept: parsing and printing one. */
#include "keep_user.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/numbers.h"

bool keep_user_parse(struct keep_user *out, const char *value, struct err *e)
{
	*out = (struct keep_user){ .pid = 0 };
	if (!strcmp(value, "panic")) {
		out->panic = true;
		return true;
	}
	if (!strncmp(value, "pid=", 4))
		return number_parse(value + 4, 1, 1u << 22, &out->pid, e);
	if (strncmp(value, "comm=", 5) || !value[5])
		return fail(e, EINVAL, "'%s' is none of comm=NAME, pid=N, panic", value);
	snprintf(out->comm, sizeof(out->comm), "%s", value + 5);
	return true;
}

void keep_user_print(const char *key, const struct keep_user *k)
{
	if (k->pid)
		printf("%s pid=%u\n", key, k->pid);
	else
		printf("%s %s%s\n", key, k->panic ? "panic" : "comm=", k->comm);
}
