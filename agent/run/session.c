/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the crash once and offers it to the targets in turn. */
#include "session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "capture.h"
#include "core/dmesg.h"
#include "crash.h"
#include "dump/codec.h"
#include "job.h"
#include "machine/config.h"
#include "machine/modules.h"
#include "machine/net.h"
#include "report.h"
#include "sink/sink_dir.h"
#include "target.h"

#define VMCORE "/proc/vmcore"
#define TAIL_LINES 16

/* Keeps the last lines of the log and prints them: a photo of the console has them. */
static void show_tail(struct crash *crash, struct progress *progress)
{
	size_t mark = arena_mark(&crash->arena), len;
	char (*tail)[160], *record;
	struct dmesg log;
	unsigned n = 0;
	struct err e;

	tail = arena_take(&crash->arena, TAIL_LINES, sizeof(tail[0]), "tail of dmesg", &e);
	record = arena_take(&crash->arena, DMESG_RECORD_MAX, 1, "tail of dmesg", &e);
	if (!tail || !record || !crash->kernel.has_space ||
	    !dmesg_open(&log, &crash->kernel.space, &e))
		return;
	log.alive = &progress->alive;
	while (dmesg_next(&log, record, DMESG_RECORD_MAX, &len)) {
		size_t first = len && record[len - 1] == '\n' ? len - 1 : len;

		snprintf(tail[n++ % TAIL_LINES], sizeof(tail[0]), "%.*s",
			 (int)(first < 159 ? first : 159), record);
	}
	log_info("the last lines of the crashed kernel:");
	for (unsigned i = n < TAIL_LINES ? 0 : n - TAIL_LINES; i < n; i++)
		log_plain("| %s", tail[i % TAIL_LINES]);
	arena_release(&crash->arena, mark);
}

/* HOST-YYYY-MM-DD-HH:MM:SS, of the crashed kernel's name and clock where known. */
static void folder_name(const struct config *config, const struct kernel *kn, char *host,
			size_t host_size, char *name, size_t size)
{
	time_t when = has(kn->k.crash_time) && kn->k.crash_time > 0 ? kn->k.crash_time
								    : time(NULL);
	struct tm tm;
	char stamp[32];

	snprintf(host, host_size, "%s", config->host[0] ? config->host : kn->uts[NODENAME]);
	for (char *c = host; *c; c++)
		if (*c == '/' || *c <= ' ' || (*c == '.' && c == host))
			*c = '_';
	if (!gmtime_r(&when, &tm) || tm.tm_year >= 8000)
		memset(&tm, 0, sizeof(tm));
	strftime(stamp, sizeof(stamp), "%Y-%m-%d-%H:%M:%S", &tm);
	snprintf(name, size, "%s-%s", host, stamp);
}

/*
 * Before the first target that is not a disk of this machine. What went wrong was said;
 * a target that is not reached for that will say so, too.
 */
static bool reach_network(const struct config *config, const char *target,
			  struct progress *progress, bool *tried, struct err *e)
{
	if (!strncmp(target, "disk:", 5) || *tried)
		return true;
	*tried = true;
	return net_up(config->nets, config->n_nets, &progress->alive, e);
}

/* Everything for one target, from opening to unmounting. */
static bool save_to(struct crash *crash, const struct config *config,
		    const struct attempt *attempt, unsigned nr, bool *tried_net,
		    struct progress *progress, struct err *e)
{
	bool first = nr == attempt->target;
	char host[80], name[128];
	struct target target;
	struct totals totals;
	struct err close_err;
	bool ok;
	struct job job = {
		.level = config->level,
		.codec = codec_named(config->codec),
		.workers = config->workers,
		.keep_user = config->keep_user,
		.n_keep_user = config->n_keep_user,
		.log_callers = config->log_callers,
		.want_dmesg = !first || attempt->want_dmesg,
		.want_dump = !first || attempt->want_dump,
		.dmesg_saved = first && attempt->dmesg_saved,
		.salvage_only = first && attempt->salvage_only,
		.give_up = attempt->give_up,
		.host = host,
		.target = config->targets[nr],
		.kmsg = "/dev/kmsg",
		.earlier = first && attempt->earlier[0] ? attempt->earlier : NULL,
	};
	struct target_want want = {
		.config = config,
		.nr = nr,
		.name = name,
		.resume = first && attempt->resume[0] ? attempt->resume : NULL,
		.hung = &attempt->hung,
		.arena = &crash->arena,
		.progress = progress,
	};
	size_t mark = arena_mark(&crash->arena);

	folder_name(config, &crash->kernel, host, sizeof(host), name, sizeof(name));
	progress->target = nr;
	progress->dmesg_saved = first && attempt->dmesg_saved;
	progress->dmesg_tried = 0;
	progress->dump_saved = 0;
	progress->folder[0] = progress->device[0] = '\0';
	progress_enter(progress, STAGE_TARGET, 0);
	log_info("target %u: %s", nr + 1, config->targets[nr]);
	if (!reach_network(config, config->targets[nr], progress, tried_net, e) ||
	    !target_open(&target, &want, e)) {
		arena_release(&crash->arena, mark);
		return false;
	}
	snprintf(progress->folder, sizeof(progress->folder), "%s", target.sink.where);
	ok = capture(crash, &target.sink, &job, progress, &totals, e);
	if (ok && totals.complete && config->keep && target.mount[0]) {
		const char *slash = strrchr(target.sink.where, '/');
		unsigned n_gone = sink_dir_prune(target.parent, host,
						 slash ? slash + 1 : name, config->keep,
						 &progress->alive);

		if (n_gone)
			log_info("%u old dumps removed", n_gone);
	}
	if (ok) {
		char len[32];

		format_bytes(totals.dump_len, len, sizeof(len));
		log_info("saved %s in %s%s", len, config->targets[nr],
			 strrchr(target.sink.where, '/'));
	}
	if (!target_close(&target, &close_err))
		log_warn("%s", close_err.text);
	arena_release(&crash->arena, mark);
	return ok;
}

int session_run(const struct config *config, const struct attempt *attempt,
		struct progress *progress)
{
	bool tried_net = false;
	struct crash crash;
	struct err e;

	log_to_kmsg();
	/* If somebody must go for want of memory, it is us and not PID 1. */
	write_text("/proc/self/oom_score_adj", "1000", &e);
	if (attempt->load_modules)
		log_info("%u modules loaded",
			 modules_load("/modules", attempt->first_module,
				      &progress->module));
	progress_enter(progress, STAGE_OPEN, 0);
	if (!crash_open(&crash, VMCORE, attempt->distrust ? attempt->earlier : NULL, &e)) {
		log_warn("%s", e.text);
		return 1;
	}
	log_info("%s of %s crashed, Linux %s", crash.kernel.uts[NODENAME],
		 crash.kernel.uts[MACHINE], crash.kernel.uts[RELEASE]);
	if (!attempt->earlier[0])
		show_tail(&crash, progress);
	for (unsigned i = attempt->target; i < config->n_targets; i++) {
		if (save_to(&crash, config, attempt, i, &tried_net, progress, &e))
			return 0;
		log_warn("target %u: %s", i + 1, e.text);
		if (monotonic_seconds() >= attempt->give_up)
			break;
	}
	return 1;
}
