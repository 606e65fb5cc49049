/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Earlier crashes on a target. targets/earlier_crashes's questions, as if this machine
 * crashed now.
 */
#include "target_past.h"

#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/config.h"
#include "host/root.h"
#include "target_seen.h"
#include "targets/earlier_crashes.h"
#include "targets/folder_name.h"
#include "targets/store.h"

#define WORK_LEN (2u << 20)

/* 0: it cannot be told. */
static uint64_t uptime_s(const char *root)
{
	struct err ignored;
	char text[64];

	return root_read(root, "/proc/uptime", text, sizeof(text), &ignored)
	       ? strtoull(text, NULL, 10) : 0;
}

bool target_past_matters(const struct look *l)
{
	return l->config->crash_loop.n && uptime_s(l->root) <= l->config->crash_loop.window_s;
}

void target_past(struct look *l, struct store *store)
{
	const struct crash_loop *loop = &l->config->crash_loop;
	char host[FOLDER_HOST_MAX];
	struct crash_id id = { .host = host, .when = time(NULL),
			       .uptime_s = uptime_s(l->root), .boot = l->config->boot };
	struct arena arena;
	const struct past past = { store, &id, &arena, &l->seen->steps };
	struct err e;

	if (!arena_init(&arena, WORK_LEN, &e))
		return;
	folder_name_here(l->config->host, l->config->machine_id, host);
	if (target_past_matters(l) &&
	    earlier_crashes_are_loop(&past, loop, &e))
		found(l->f, l->what, GRADE_FAIL, "%s: a crash now would leave its log and no "
		      "dump there, %s (crash_loop)", l->config->targets[l->nr], e.text);
	earlier_crashes_pace(&past, &l->seen->pace);
	arena_deinit(&arena);
}
