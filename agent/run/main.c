/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which role this is: PID 1 of a capture kernel, or a verb on an ordinary host. */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "capture.h"
#include "connect.h"
#include "crash.h"
#include "dump/codec.h"
#include "init.h"
#include "inspect.h"
#include "job.h"
#include "levels.h"
#include "machine/config.h"
#include "machine/numbers.h"
#include "progress.h"
#include "sink/sink_dir.h"
#include "sink/sink_sftp.h"
#include "version.h"

static const char help[] =
"crashbox - the black box of a Linux machine\n"
"\n"
"usage:\n"
"  crashbox capture [--level N] [--codec zstd|zlib|none] [--workers N]\n"
"                   [--keep-user comm=NAME|pid=N|panic]... [--config FILE]\n"
"                   [--ssh PROGRAM] CORE DIR|sftp:USER@HOST[:PORT]:/DIR\n"
"        filter CORE into DIR/vmcore, DIR/vmcore-dmesg.txt, DIR/manifest.json:\n"
"        0 whole, 1 failed, 2 saved, but some pages could not be read\n"
"  crashbox dmesg [-x] [--caller] [-l LEVELS] [-f FACILITIES] CORE|DUMP\n"
"        print the log of the crashed kernel, or of it the records of these levels\n"
"  crashbox info CORE|DUMP [--json]   what it is, whose, of when, and why\n"
"  crashbox check DUMP                read all of it: 0 whole, 1 damaged, 2 incomplete\n"
"  crashbox config FILE               check a configuration and print it\n"
"  crashbox --help | --version\n"
"\n"
"CORE is /proc/vmcore or a copy of it, DUMP a kdump-compressed file.\n"
"\n"
"  --level N    what to leave out, the sum of: 1 zero pages, 2 page cache, 4 page\n"
"               cache with private data, 8 user memory, 16 free pages (default 31)\n"
"  --codec C    how pages are packed (default zstd)\n"
"  --workers N  threads that pack (default: one for each CPU)\n"
"  --keep-user  keep the memory of these tasks, to look at a process later: by name, by\n"
"               number, or the one that the panicking CPU ran\n"
"  --config F   where ssh_key, ssh_host_key and stall stand, for sftp:\n"
"  --ssh P      OpenSSH's client (default " SSH_PROGRAM ")\n"
"\n"
"  -l err,warn  of the log, only these: emerg alert crit err warn notice info debug;\n"
"               err+ is err and all that is graver, +err err and all that is less so\n"
"  -f kern,user only what the kernel said, or programs through /dev/kmsg\n"
"  -x           show facility and level of each line\n"
"  --caller     show who said it, a thread [   T12] or a CPU [    C0]\n"
"\n"
"As PID 1 it saves /proc/vmcore as /etc/crashbox.conf and the words crashbox.KEY=VALUE\n"
"of the kernel command line say, and reboots.\n";

__attribute__((format(printf, 1, 2)))
static int usage(const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	log_info("%s; see crashbox --help", what);
	return 1;
}

/* Before an hour of work, not behind it. */
static bool is_free(struct sink *sink, struct err *e)
{
	static const char *const names[] = { "vmcore", "vmcore-dmesg.txt", "manifest.json" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sink->ops->has(sink, names[i]))
			return fail(e, EEXIST, "%s/%s is already there: choose another folder",
				    sink->where, names[i]);
	return true;
}

/* DIR, or a folder on a server. */
static bool open_folder(struct sink *sink, struct connection *c, const char *dir,
			const struct config *config, const char *ssh, struct crash *crash,
			struct progress *progress, struct err *e)
{
	if (strncmp(dir, "sftp:", 5))
		return sink_dir_open(sink, dir, &progress->durable, e);
	return connect_sftp(c, dir + 5, ssh, &config->ssh, NULL, config->stall_s,
			    &progress->durable, &crash->arena, e) &&
	       sink_sftp_open(sink, c->sftp, c->remote.path, e);
}

static int run_capture(const char *core_path, const char *dir, struct job *job,
		       const struct config *config, const char *ssh)
{
	struct progress progress = { .stage = STAGE_START };
	struct connection connection = { .client = SSHCLIENT_NONE };
	struct crash crash;
	struct sink sink;
	struct totals totals;
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
		ok = capture(&crash, &sink, job, &progress, &totals, &e);
		sink.ops->close(&sink);
	}
	connection_close(&connection);
	if (!ok)
		log_info("%s", e.text);
	else if (!totals.complete)
		log_info("saved, but not complete: %s", totals.reasons[0]);
	else
		log_info("saved: %s/vmcore, %llu pages, %.2f s", dir,
			 (unsigned long long)totals.n_written,
			 totals.seconds[STAGE_SCAN] + totals.seconds[STAGE_COPY] +
			 totals.seconds[STAGE_VERIFY]);
	crash_close(&crash);
	return !ok ? 1 : totals.complete ? 0 : 2;
}

static int verb_capture(int argc, char **argv)
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
			   .show_progress = true };
	struct keep_user keep_user[MAX_KEEP_USER];
	const char *ssh = SSH_PROGRAM;
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
	return run_capture(argv[optind], argv[optind + 1], &job, &config, ssh);
}

static int verb_dmesg(int argc, char **argv)
{
	static const struct option options[] = {
		{ "level", required_argument, NULL, 'l' },
		{ "facility", required_argument, NULL, 'f' },
		{ "decode", no_argument, NULL, 'x' },
		{ "caller", no_argument, NULL, 'c' },
		{ 0 },
	};
	struct log_choice choice = { 0 };
	struct err e;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "l:f:x", options, NULL)) != -1) {
		if (c == 'l' && !levels_parse(optarg, &choice.levels, &e))
			return usage("--level: %s", e.text);
		if (c == 'f' && !facilities_parse(optarg, &choice.facilities, &e))
			return usage("--facility: %s", e.text);
		if (c == 'x')
			choice.decode = true;
		if (c == 'c')
			choice.callers = true;
		if (c == '?')
			return usage("dmesg: unknown option or missing value: %s",
				     argv[optind - 1]);
	}
	if (argc - optind != 1)
		return usage("dmesg takes a CORE or a DUMP");
	return inspect_dmesg(argv[optind], &choice);
}

static int verb_info(int argc, char **argv)
{
	bool json = argc == 3 && (!strcmp(argv[1], "--json") || !strcmp(argv[2], "--json"));

	if (argc != 2 && !json)
		return usage("info takes a CORE or a DUMP, and --json");
	return inspect_info(!json || strcmp(argv[1], "--json") ? argv[1] : argv[2], json);
}

static int verb_check(int argc, char **argv)
{
	return argc == 2 ? inspect_check(argv[1]) : usage("check takes a DUMP");
}

static int verb_config(int argc, char **argv)
{
	struct config config;
	struct err e;

	if (argc != 2)
		return usage("config takes a FILE");
	config_init(&config);
	if (!config_file(&config, argv[1], NULL, &e) ||
	    (!config_check(&config, &e) && !within(&e, "%s", argv[1]))) {
		log_info("%s", e.text);
		return 1;
	}
	config_print(&config);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "capture", verb_capture },
	{ "dmesg", verb_dmesg },
	{ "info", verb_info },
	{ "check", verb_check },
	{ "config", verb_config },
};

int main(int argc, char **argv)
{
	if (getpid() == 1)
		init_main();
	if (argc < 2)
		return usage("what shall be done?");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		fputs(help, stdout);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("crashbox " CRASHBOX_VERSION);
		return 0;
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	return usage("unknown verb '%s'", argv[1]);
}
