/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A core into a folder, here or on a server. */
#include "verb.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/job.h"
#include "config/config.h"
#include "config/resolve.h"
#include "dump/codec.h"
#include "supervise/target.h"
#include "targets/connect.h"
#include "targets/crash_files.h"
#include "targets/sink_dir.h"
#include "targets/sink_sftp.h"
#include "targets/target_kinds.h"

/* Before an hour of work, not behind it. */
static bool is_free(struct sink *sink, struct err *e)
{
	for (size_t i = 0; i < N_CRASH_FILES; i++)
		if (crash_files[i].must_be_free && sink->ops->has(sink, crash_files[i].name))
			return fail(e, EEXIST, "%s/%s is already there: choose another folder",
				    sink->where, crash_files[i].name);
	return true;
}

/* DIR, or a folder on a server. */
static bool open_folder(struct sink *sink, struct connection *c, const char *dir,
			const struct config *config, const char *ssh, struct crash *crash,
			struct progress *progress, struct err *e)
{
	struct host_names names = config->names;
	const struct connect_want want = {
		.program = ssh,
		.keys = &config->ssh,
		.names = &names,
		.stall_s = config->stall_s,
		.durable = &progress->durable,
		.arena = &crash->arena,
	};
	const struct sink_folder at = { NULL, dir, &progress->durable };

	if (!target_kind_of(dir))
		return sink_dir_open(sink, &at, e);
	return resolve_target(&names, dir, e) && connect_sftp(c, target_rest(dir), &want, e) &&
	       sink_sftp_open(sink, c->ahead, c->remote.path, e);
}

static int run_capture(const char *core_path, const char *dir, struct job *job,
		       const struct config *config, const char *ssh)
{
	struct progress progress = { .stage = STAGE_START };
	struct connection connection = { .client = SSHCLIENT_NONE };
	struct crash crash;
	struct sink sink;
	struct totals totals;
	struct capture whole = { .crash = &crash, .sink = &sink, .job = job,
				 .progress = &progress, .t = &totals };
	struct err e;
	bool ok;

	progress_enter(&progress, STAGE_OPEN, 0);
	if (!crash_open(&crash, core_path, NULL, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	job->host = crash.kernel.uts[NODENAME];
	job->target = dir;
	ok = open_folder(&sink, &connection, dir, config, ssh, &crash, &progress, &e) &&
	     is_free(&sink, &e);
	if (ok) {
		ok = capture(&whole, &e);
		sink.ops->close(&sink);
	}
	connection_close(&connection);
	if (!ok)
		log_info("%s", e.text);
	else if (!totals.complete)
		log_info("saved, but not complete: %s", totals.reasons[0]);
	else if (!totals.dmesg_saved)
		log_info("saved: %s/%s, but without the log, as said above", dir,
			 crash_files[CRASH_DUMP].name);
	else
		log_info("saved: %s/%s, %llu pages, %.2f s", dir, crash_files[CRASH_DUMP].name,
			 (unsigned long long)totals.n_written,
			 totals.seconds[STAGE_SCAN] + totals.seconds[STAGE_COPY] +
			 totals.seconds[STAGE_VERIFY]);
	crash_close(&crash);
	return !ok ? 1 : totals.complete && totals.dmesg_saved ? 0 : 2;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "level", required_argument, NULL, 'l' },
		{ "codec", required_argument, NULL, 'c' },
		{ "workers", required_argument, NULL, 'w' },
		{ "keep-user", required_argument, NULL, 'k' },
		{ "config", required_argument, NULL, 'f' },
		{ "ssh", required_argument, NULL, 's' },
		{ 0 },
	};
	struct job job = { .level = LEVEL_ALL, .codec = codec_named("zstd"),
			   .show_progress = true, .last_resort = true };
	struct keep_user keep_user[MAX_KEEP_USER];
	const char *ssh = connect_client(NULL), *dir;
	struct config config;
	struct err e;
	int c;

	config_init(&config);
	job.keep_user = keep_user;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'k' && job.n_keep_user == MAX_KEEP_USER)
			return usage("--keep-user: more than %u", MAX_KEEP_USER);
		if (c == 'k' && !config_keep_user(&keep_user[job.n_keep_user++], optarg, &e))
			return usage("--keep-user: %s", e.text);
		if (c == 'l' && !number_parse(optarg, 0, LEVEL_ALL, &job.level, &e))
			return usage("--level: %s", e.text);
		if (c == 'c' && !(job.codec = codec_named(optarg)))
			return usage("--codec %s: none of zstd, zlib, none", optarg);
		if (c == 'w' && !number_parse(optarg, 1, 256, &job.workers, &e))
			return usage("--workers: %s", e.text);
		if (c == 'f' && !config_file(&config, optarg, NULL, &e))
			return usage("--config %s", e.text);
		if (c == 's')
			ssh = optarg;
		if (c == '?')
			return usage("capture: unknown option or missing value: %s",
				     argv[optind - 1]);
	}
	if (argc - optind != 2)
		return usage("capture takes a CORE and a DIR");
	dir = argv[optind + 1];
	if (target_needs(dir, NEEDS_MOUNT))
		return usage("capture: %s: only a folder or an sftp: target; mount it and name "
			     "the folder, or let 'crashbox test' try it", dir);
	return run_capture(argv[optind], dir, &job, &config, ssh);
}

const struct verb verb_capture = {
	.name = "capture",
	.usage = "[--level N] [--codec zstd|zlib|none] [--workers N]\n"
		 "[--keep-user comm=NAME|pid=N|panic]... [--config FILE]\n"
		 "[--ssh PROGRAM] CORE DIR|sftp:USER@HOST[:PORT]:/DIR",
	.summary = "filter CORE into DIR/vmcore, vmcore-dmesg.txt, manifest.json",
	.help =
"CORE is /proc/vmcore or a copy of it.\n"
"\n"
"  --level N    what to leave out, the sum of: 1 zero pages, 2 page cache, 4 page\n"
"               cache with private data, 8 user memory, 16 free pages (default 31)\n"
"  --codec C    how pages are packed (default zstd)\n"
"  --workers N  threads that pack (default: one for each CPU)\n"
"  --keep-user  keep the memory of these tasks, to look at a process later: by name, by\n"
"               number, or the one that the panicking CPU ran\n"
"  --config F   where ssh_key, ssh_host_key and stall stand, for sftp:\n"
"  --ssh P      OpenSSH's client (default " SSH_INSTALLED ", else\n"
"               /usr/bin/ssh)\n"
"\n"
"Exit status: 0 whole, 1 failed, 2 saved, but without pages that could not be read, or\n"
"without the log.\n",
	.run = run,
};
