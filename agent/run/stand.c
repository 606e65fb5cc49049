/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A target that cannot be opened is said to be gone, and why. */
#include "stand.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "attempt.h"
#include "base/err.h"
#include "base/log.h"
#include "capture.h"
#include "crash.h"
#include "dump/codec.h"
#include "machine/net.h"
#include "progress.h"

#define REHEARSAL "-test"	/* behind the host in the name of the folder */
#define DEVICE_WAIT_S 30	/* for slow controllers and USB */
#define DEVICE_HERE_S 2		/* on a machine that is up */

void stand_name(struct session *s, const struct kernel *kn)
{
	const struct config *config = s->config;
	const char *host = config->host[0] ? config->host : kn->uts[NODENAME];

	s->when = has(kn->k.crash_time) && kn->k.crash_time > 0 ? kn->k.crash_time
								: time(NULL);
	/* A name that begins with the time is found by nobody. */
	snprintf(s->host, sizeof(s->host), "%s", host[0] ? host : "unknown");
	if (s->attempt->rehearsal)
		snprintf(s->host + strlen(s->host), sizeof(s->host) - strlen(s->host),
			 REHEARSAL);
	stamp_host(s->host);
	stamp_name(s->host, s->when, s->name);
}

static void give_up_on(struct session *s, unsigned nr, const struct err *e)
{
	struct fate *fate = &s->fates[nr];

	log_warn("target %u: %s", nr + 1, e->text);
	if (!fate->why[0])
		snprintf(fate->why, sizeof(fate->why), "%s", e->text);
	__atomic_store_n(&fate->gone, 1, __ATOMIC_RELEASE);
}

bool stand_open(struct session *s, unsigned nr)
{
	struct stand *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	const struct target_want want = {
		.config = s->config,
		.nr = nr,
		.ssh = s->attempt->rehearsal ? s->attempt->rehearsal->ssh : NULL,
		.mount_at = s->attempt->rehearsal ? s->attempt->rehearsal->mount_at : NULL,
		.host = s->host,
		.name = s->name,
		.device_wait_s = s->attempt->rehearsal ? DEVICE_HERE_S : DEVICE_WAIT_S,
		.resume = fate->folder[0] ? fate->folder : NULL,
		.hung = &s->attempt->hung,
		.arena = &s->crash->arena,
		.progress = s->progress,
	};
	struct err e;

	s->progress->target = nr;
	/* Whoever gives us up must not blame the device of another target. */
	snprintf(s->progress->device, sizeof(s->progress->device), "%s",
		 stand->is_open ? stand->target.device : "");
	if (stand->is_open)
		return true;
	progress_enter(s->progress, STAGE_TARGET, 0);
	log_info("target %u: %s", nr + 1, s->config->targets[nr]);
	/* Whatever comes of it, the target will say what it could not reach. */
	if (target_needs_net(s->config->targets[nr]) && !s->net_tried &&
	    !s->attempt->rehearsal) {
		s->net_tried = true;
		if (!net_up(s->config->nets, s->config->n_nets, &s->progress->alive, &e))
			log_warn("%s", e.text);
	}
	if (!target_open(&stand->target, &want, &e)) {
		give_up_on(s, nr, &e);
		return false;
	}
	stand->is_open = true;
	snprintf(fate->folder, sizeof(fate->folder), "%s", stand->target.sink.where);
	stand->job = (struct job){
		.level = s->config->level,
		.codec = codec_named(s->config->codec),
		.workers = s->config->workers,
		.keep_user = s->config->keep_user,
		.n_keep_user = s->config->n_keep_user,
		.log_callers = s->config->log_callers,
		.boot = s->config->boot,
		.salvage_only = s->attempt->salvage_only,
		.host = s->host,
		.target = s->config->targets[nr],
		.kmsg = "/dev/kmsg",
	};
	capture_begin(&stand->totals, &stand->job);
	stand->totals.dmesg_saved = fate->dmesg == DONE;
	stand->totals.uptime_s = s->uptime_s;
	return true;
}
