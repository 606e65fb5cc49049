/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of ways of sending, and what their records have in common. */
#include "ship_way.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "config/config.h"
#include "ship_file.h"

static const struct ship_way *const ways[] = { &way_command, &way_s3, &way_sftp };

bool ship_find_way(struct ship_job *j, struct err *e)
{
	const struct shipping *to = &j->config->ship;
	char sha[SHIP_SHA_LEN];

	if (!shipping_is_clear(to, e))
		return false;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && !j->way; i++)
		if (ways[i]->is(j->config))
			j->way = ways[i];
	if (!j->way)
		return fail(e, ENOENT, "no line 'ship WHERE' says where to");
	ship_sum(to->command[0] ? to->command : to->to,
		 strlen(to->command[0] ? to->command : to->to), sha);
	snprintf(j->id, sizeof(j->id), "%.16s", sha);
	return true;
}

void ship_line(const struct ship_job *j, const struct ship_file *file, bool whole,
	       char line[RECORD_LINE])
{
	snprintf(line, RECORD_LINE, "sent %s %s %" PRIu64 " %s", j->id, file->name, file->len,
		 whole ? file->sha : "");
}

bool ship_was_ours(const struct ship_job *j, const struct ship_sending *s, const char *sha)
{
	char begin[RECORD_LINE], line[RECORD_LINE];

	snprintf(begin, sizeof(begin), "sent %s %s ", j->id, s->file->name);
	for (unsigned nr = 0; crash_record_line(s->record, begin, nr, line); nr++)
		if (!strcmp(strrchr(line, ' ') + 1, sha))
			return true;
	return false;
}
