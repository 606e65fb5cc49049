/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ship_command: the operator's own command, for the shell. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/err.h"
#include "config/config.h"
#include "machine/program.h"
#include "ship_file.h"
#include "ship_way.h"
#include "targets/folder_name.h"

#define STALL_S 300	/* it may have to think before it ends */

struct stream {
	struct ship_reader reader;
	char buf[64 << 10];
};

static bool is(const struct config *config)
{
	return config->ship.command[0];
}

static bool open_way(struct ship_job *j, struct err *e)
{
	(void)j, (void)e;
	return true;
}

static bool next(void *ctx, const void **at, size_t *len, struct err *e)
{
	struct stream *s = ctx;
	const struct ship_file *f = s->reader.file;

	*at = s->buf;
	*len = min_u64(sizeof(s->buf), f->len - s->reader.off);
	if (*len)
		return ship_read(&s->reader, s->buf, *len, e);
	return ship_reader_agrees(&s->reader, e);
}

static bool send_file(struct ship_job *j, struct ship_sending *sending, struct err *e)
{
	const struct ship_file *f = sending->file;
	const char *const argv[] = { "sh", "-c", j->config->ship.command, NULL };
	char folder[FOLDER_NAME_MAX + 32], name[96], sha[96], len[64];
	const char *const environment[] = { folder, name, sha, len, NULL };
	struct stream stream;
	struct program p = { .argv = argv, .environment = environment, .fd = -1,
			     .feed = { next, &stream }, .stall_s = STALL_S,
			     .alive = j->alive };

	snprintf(folder, sizeof(folder), "CRASHBOX_FOLDER=%s", f->folder);
	snprintf(name, sizeof(name), "CRASHBOX_FILE=%s", f->name);
	snprintf(sha, sizeof(sha), "CRASHBOX_SHA256=%s", f->sha);
	snprintf(len, sizeof(len), "CRASHBOX_LENGTH=%" PRIu64, f->len);
	ship_reader_begin(&stream.reader, f, j->config->ship.rate_kib, j->alive);
	if (!program_run(&p, e)) {
		if (e->code == EIO || e->code == ETIMEDOUT)
			e->code = SHIP_REFUSED;
		return within(e, "ship_command, %s/%s", f->folder, f->name);
	}
	return !p.status || fail(e, SHIP_REFUSED, "ship_command, %s/%s: status %d%s%s",
				 f->folder, f->name, p.status, p.said[0] ? ": " : "", p.said);
}

const struct ship_way way_command = { .is = is, .open = open_way, .send = send_file };
