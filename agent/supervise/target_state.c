/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The targets of a session. A target that cannot be opened is out, and it is said why. */
#include "target_state.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "attempt.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "dump/codec.h"
#include "machine/net.h"
#include "occasion.h"
#include "places.h"
#include "targets/crash_files.h"
#include "targets/target_kinds.h"

/* For slow controllers, whose driver has come back from probing before they are ready. */
#define DEVICE_WAIT_S 30
#define DEVICE_WAIT_MAX_S 150
#define DEVICE_HERE_S 2		/* on a machine that is up */

/* What `crashbox load` told, else what the firmware has: digits and dashes. */
static void machine_id(const struct session *s, char id[MACHINE_ID_SIZE])
{
	char uuid[64] = "";
	struct err ignored;
	size_t n = 0;

	strcpy(id, s->config->machine_id);
	if (id[0] || !strstr(s->config->host, "%m") ||
	    !read_text(s->attempt->occasion->places->system_id, uuid, sizeof(uuid), &ignored))
		return;
	for (const char *at = uuid; *at && n < MACHINE_ID_SIZE - 1; at++)
		if (isxdigit((unsigned char)*at))
			id[n++] = tolower((unsigned char)*at);
	id[n] = '\0';
}

void target_state_name(struct session *s, const struct kernel *kn)
{
	char id[MACHINE_ID_SIZE];
	const struct folder_host host = { s->config->host, kn->uts[NODENAME], id };

	s->when = has(kn->k.crash_time) && kn->k.crash_time > 0 ? kn->k.crash_time
								: time(NULL);
	machine_id(s, id);
	folder_name_host(&host, s->attempt->occasion->suffix, s->host);
	folder_name(s->host, s->when, s->name);
}

_Static_assert(sizeof(((struct fate *)0)->folder) == SINK_WHERE_MAX, "a sink's folder");

/* Not a matter of time: a wrong word, a wrong key, a no. */
static bool is_refusal(int code)
{
	return code == EINVAL || code == EPERM || code == EACCES || code == ENAMETOOLONG ||
	       code == EKEYREJECTED;
}

/* In this round. What is refused is asked for once more, as a no may be a misunderstanding. */
static void give_up_on(struct session *s, unsigned nr, const struct err *e)
{
	struct fate *fate = &s->fates[nr];

	log_warn("target %u: %s", nr + 1, e->text);
	if (!fate->why[0])
		snprintf(fate->why, sizeof(fate->why), "%s", e->text);
	fate->n_refused += is_refusal(e->code);
	__atomic_store_n(fate->n_refused > 1 ? &fate->gone : &fate->rests, 1,
			 __ATOMIC_RELEASE);
}

bool target_state_is_out(const struct session *s, unsigned nr)
{
	return s->fates[nr].gone || s->fates[nr].rests;
}

/* What an attempt that died has committed counts, whether or not it could say so. */
static void find_committed(struct session *s, unsigned nr)
{
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	struct sink *sink = &stand->target.sink;

	if (fate->dmesg != DONE && sink->ops->has(sink, crash_files[CRASH_DMESG].name)) {
		log_info("target %u has the dmesg already", nr + 1);
		stand->totals->dmesg_saved = true;
		__atomic_store_n(&fate->dmesg, DONE, __ATOMIC_RELEASE);
	}
	if (fate->dump != DONE && sink->ops->has(sink, crash_files[CRASH_DUMP].name)) {
		log_info("target %u has the dump already", nr + 1);
		capture_found(&stand->capture);
		__atomic_store_n(&fate->dump, DONE, __ATOMIC_RELEASE);
		s->saved_nr = nr;
	}
}

/*
 * Meanwhile it is one more who may be waited for, and who takes memory. A test, whose dump is
 * taken back, shows all that the target can do.
 */
static enum read_back read_back_of(const struct session *s)
{
	enum read_back how = s->config->verify;

	if (how == READ_BACK_SAMPLE && s->attempt->occasion->take_back)
		how = READ_BACK_AUTO;
	if (how != READ_BACK_SAMPLE && s->attempt->without & WITHOUT_WORKERS)
		how = READ_BACK_AFTER;
	return how;
}

static void begin_job(struct session *s, unsigned nr)
{
	const struct config *config = s->config;
	struct target_state *stand = &s->stands[nr];
	unsigned without = s->attempt->without;

	stand->job = (struct job){
		.level = config->level,
		.codec = codec_named(config->codec),
		.workers = without & WITHOUT_WORKERS ? 1 : config->workers,
		.read_back = read_back_of(s),
		.keep_user = config->keep_user,
		.n_keep_user = config->n_keep_user,
		.without_lists = without & WITHOUT_LISTS,
		.log_callers = config->log_callers,
		.seals_manifest = config->encrypt_manifest,
		.boot = config->boot,
		.salvage_only = without & WITHOUT_TABLES,
		.host = s->host,
		.target = config->targets[nr],
		.kmsg = without & WITHOUT_EXTRAS ? NULL : s->attempt->occasion->places->kmsg,
		.last_resort = s->fates[nr].last_resort,
	};
	stand->totals = &s->totals[nr];
	stand->capture = (struct capture){ .crash = s->crash, .sink = &stand->target.sink,
					   .job = &stand->job, .progress = s->progress,
					   .t = stand->totals };
	if (!stand->totals->is_begun)
		capture_begin(&stand->capture);
	if (s->uptime_s)
		stand->totals->uptime_s = s->uptime_s;
}

/* The first round waits for what is on its way; those after it only look again. */
static struct disk_wait wait_of(const struct session *s)
{
	unsigned wanted_s = s->config->wait_s;

	if (!s->attempt->occasion->brings_up || s->attempt->round)
		return (struct disk_wait){ DEVICE_HERE_S, DEVICE_HERE_S };
	if (wanted_s)
		return (struct disk_wait){ wanted_s, wanted_s };
	return (struct disk_wait){ DEVICE_WAIT_S, DEVICE_WAIT_MAX_S };
}

/* Once; whatever comes of it, the target will say what it could not reach. */
static void bring_net_up(struct session *s)
{
	struct err e;

	if (s->net_tried)
		return;
	s->net_tried = true;
	if (!net_up(s->config->nets, s->config->n_nets, &s->progress->alive, &e))
		log_warn("%s", e.text);
	herald_net_is_up(&s->herald);
	fence_net_is_up(&s->fence);
}

static bool open_it(struct session *s, unsigned nr, struct err *e)
{
	const struct occasion *occasion = s->attempt->occasion;
	const struct places *places = occasion->places;
	const struct crash_folder folder = { s->name, s->fates[nr].folder };
	char mount_at[80];
	struct target_access access = {
		.words = s->config->targets[nr],
		.host = s->host,
		.ssh = places->ssh,
		.arena = &s->crash->arena,
		.wait = wait_of(s),
		.hung = &s->attempt->hung,
		.device = s->progress->device,
		.mount_at = mount_at,
		.to_write = true,
		.alive = &s->progress->alive,
		.durable = &s->progress->durable,
	};

	if (occasion->brings_up) {
		access.volumes = places->volumes;
		access.volume_keys = places->volume_keys;
	}
	config_access(s->config, &access);
	/* A server's error must come before PID 1 thinks that we hang. */
	access.stall_s *= 0.75;
	mkdir(places->mounts, 0700);
	snprintf(mount_at, sizeof(mount_at), "%s/%u", places->mounts, nr);
	return target_open(&s->stands[nr].target, &access, &folder, e);
}

bool target_state_open(struct session *s, unsigned nr)
{
	const struct occasion *occasion = s->attempt->occasion;
	struct target_state *stand = &s->stands[nr];
	struct fate *fate = &s->fates[nr];
	const char *words = s->config->targets[nr];
	bool resumed = fate->folder[0];
	struct err e;

	s->progress->target = nr;
	/* Whoever gives us up must not blame the device of another target. */
	snprintf(s->progress->device, sizeof(s->progress->device), "%s",
		 stand->is_open ? stand->target.device : "");
	if (stand->is_open)
		return true;
	progress_enter(s->progress, STAGE_TARGET, 0);
	log_info("target %u: %s", nr + 1, words);
	if (target_needs(words, NEEDS_NET) && occasion->brings_up)
		bring_net_up(s);
	s->progress->brisk = target_is_brisk(words);
	if (!open_it(s, nr, &e)) {
		give_up_on(s, nr, &e);
		return false;
	}
	stand->is_open = true;
	begin_job(s, nr);
	if (resumed)
		find_committed(s, nr);
	return true;
}
