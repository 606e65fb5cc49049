/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb capture: a core into a folder, here or on a server. */
#include "verb.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "capture/capture.h"
#include "capture/job.h"
#include "config/config.h"
#include "config/resolve.h"
#include "core_or_dump.h"
#include "dump/codec.h"
#include "dump/effort.h"
#include "targets/target.h"
#include "targets/connect.h"
#include "targets/crash_files.h"
#include "targets/sink_stream.h"
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
static bool open_folder(struct target *t, const struct capture *c, const struct config *config,
			const char *ssh, struct err *e)
{
	const struct target_kind *kind = target_kind_of(c->job->target);
	struct host_names names = config->names;
	const struct crash_folder here = { .name = NULL };
	struct target_access access = { .words = c->job->target, .ssh = ssh,
					.arena = &c->crash->arena, .to_write = true,
					.alive = &c->progress->alive,
					.durable = &c->progress->durable };

	config_access(config, &access);
	access.names = &names;
	if (kind && !target_takes_dump(kind, e))
		return within(e, "%s", access.words);
	return resolve_target(&names, access.words, e) && target_open(t, &access, &here, e);
}

/* Whatever it is, with all that is gone through. */
static bool open_core(struct core_or_dump *from, const struct kdump_paths *files,
		      struct err *e)
{
	if (!core_or_dump_open(from, files, e))
		return false;
	if (crash_find_ranges(&from->crash, e))
		return true;
	core_or_dump_close(from);
	return false;
}

static int run_capture(const struct kdump_paths *files, const char *dir, struct job *job,
		       const struct config *config, const char *ssh)
{
	struct progress progress = { .stage = STAGE_START };
	struct target target = { .is_reached = false };
	struct core_or_dump from;
	struct crash *crash = &from.crash;
	struct err ignored;
	struct totals totals;
	struct capture whole = { .crash = crash, .sink = &target.sink, .job = job,
				 .progress = &progress, .t = &totals };
	struct err e;
	bool ok;

	progress_enter(&progress, STAGE_OPEN, 0);
	if (!open_core(&from, files, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	job->host = crash->kernel.uts[NODENAME];
	job->target = dir;
	job->seals_manifest = config->encrypt_manifest;
	ok = open_folder(&target, &whole, config, ssh, &e) && is_free(&target.sink, &e) &&
	     capture(&whole, &e);
	target_close(&target, &ignored);
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
	core_or_dump_close(&from);
	return !ok ? 1 : totals.complete && totals.dmesg_saved ? 0 : 2;
}

/* The dump alone: who stores it has the rest by the verbs. */
static int run_stream(const struct kdump_paths *files, struct job *job)
{
	struct progress progress = { .stage = STAGE_START };
	struct core_or_dump from;
	struct sink sink;
	struct totals totals;
	struct capture dump = { .crash = &from.crash, .sink = &sink, .job = job,
				.progress = &progress, .t = &totals };
	struct err e;
	bool ok;

	if (isatty(STDOUT_FILENO))
		return usage("capture: standard output is a terminal, and no place for a dump");
	progress_enter(&progress, STAGE_OPEN, 0);
	if (!open_core(&from, files, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	sink_stream_open(&sink, STDOUT_FILENO, "standard output");
	capture_begin(&dump);
	ok = capture_dump(&dump, &e);
	if (!ok)
		log_info("%s", e.text);
	else if (!totals.complete)
		log_info("written, but not complete: %s", totals.reasons[1]);
	else
		log_info("written: %llu pages, %llu bytes, SHA-256 %s",
			 (unsigned long long)totals.n_written,
			 (unsigned long long)totals.dump_len, totals.sha256);
	core_or_dump_close(&from);
	return !ok ? 1 : totals.complete ? 0 : 2;
}

struct capture_words {
	struct job job;
	struct keep_user keep_user[MAX_KEEP_USER];
	const char *codec, *config, *ssh;
	bool stream;
};

static bool take_level(void *into, const char *value, struct err *e)
{
	return number_parse(value, 0, LEVEL_ALL, &((struct capture_words *)into)->job.level, e);
}

static bool take_workers(void *into, const char *value, struct err *e)
{
	return number_parse(value, 1, 256, &((struct capture_words *)into)->job.workers, e);
}

static bool take_verify(void *into, const char *value, struct err *e)
{
	unsigned how;

	if (!read_back_parse(&how, value, e))
		return false;
	((struct capture_words *)into)->job.read_back = how;
	return true;
}

static bool take_keep_user(void *into, const char *value, struct err *e)
{
	struct capture_words *w = into;

	if (w->job.n_keep_user == MAX_KEEP_USER)
		return fail(e, EINVAL, "more than %u", MAX_KEEP_USER);
	return keep_user_parse(&w->keep_user[w->job.n_keep_user++], value, e);
}

static const struct option_row options[] = {
	OPTION_CALL("level", "N", take_level, .help =
		"what to leave out, the sum of: 1 zero pages, 2 page cache, 4 page cache with "
		"private data, 8 user memory, 16 free pages (default 31)"),
	OPTION_TEXT("codec", CODEC_CHOICE, struct capture_words, codec,
		.help = "how pages are packed (default " CODEC_USUAL ")"),
	OPTION_TEXT("effort", "LEVEL", struct capture_words, job.effort,
		.help = "of --codec auto always this one, to compare: none, -10, -7, -5, -3, "
		"-2, -1, 1, 2 or 3"),
	OPTION_CALL("workers", "N", take_workers,
		.help = "threads that pack (default: one for each CPU)"),
	OPTION_CALL("verify", READ_BACK_CHOICE, take_verify,
		.help = "when it is read back, see crashbox.conf(5) (default auto)"),
	OPTION_CALL("keep-user", "comm=NAME|pid=N|panic", take_keep_user, .joins = JOINS_MANY,
		.help = "keep the memory of these tasks, to look at a process later: by name, "
		"by number, or the one that the panicking CPU ran"),
	OPTION_FLAG("stream", struct capture_words, stream,
		.help = "the dump alone to standard output, in makedumpfile's flattened form, "
		"which crash reads as it is; 'rebuild' makes a plain one of it"),
	OPTION_TEXT("config", "FILE", struct capture_words, config,
		.help = "where ssh_key, ssh_host_key and stall stand, for sftp:, and encrypt"),
	OPTION_SSH(struct capture_words, ssh),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct capture_words w = {
		.job = { .level = LEVEL_ALL, .show_progress = true, .last_resort = true },
		.codec = CODEC_USUAL,
		.ssh = connect_client(NULL),
	};
	struct operands words;
	struct config config;
	char names[CODEC_NAMES_MAX];
	struct kdump_paths files;
	const char *dir;
	struct err e;

	if (!verb_options(&verb_capture, &w, argc, argv, &words))
		return 1;
	config_init(&config);
	w.job.keep_user = w.keep_user;
	w.job.codec = codec_named(w.codec);
	if (!w.job.codec)
		return usage("--codec %s: none of %s", w.codec, codec_names(names));
	if (w.job.effort && (!w.job.codec->set_effort ||
			     codec_effort_named(w.job.effort) == N_EFFORTS))
		return usage("--effort %s: it is one of --codec auto, from none over -10 to 3",
			     w.job.effort);
	if (w.config && !config_file(&config, w.config, &e))
		return usage("--config %s", e.text);
	files = (struct kdump_paths){ words.words, words.n };
	if (w.stream && encrypt_for_whom(&config.encrypt))
		return usage("capture --stream encrypts nothing, and %s says encrypt: without "
			     "--config its output can go through age", w.config);
	if (w.stream && words.n)
		return run_stream(&files, &w.job);
	if (words.n < 2)
		return usage("capture takes a CORE and a DIR");
	files = (struct kdump_paths){ words.words, words.n - 1 };
	dir = words.words[words.n - 1];
	if (target_needs(dir, NEEDS_MOUNT))
		return usage("capture: %s: only a folder or an sftp: target; mount it and name "
			     "the folder, or let 'crashbox test' try it", dir);
	return run_capture(&files, dir, &w.job, &config, w.ssh);
}

const struct verb verb_capture = {
	.name = "capture",
	.operands = "CORE... DIR|sftp:USER@HOST[:PORT]:/DIR|--stream",
	.summary = "filter CORE into DIR/vmcore, vmcore-dmesg.txt, manifest.json",
	.options = options,
	.about =
"CORE is /proc/vmcore or a copy of it; what QEMU and libvirt dump of a guest (ELF and kdump\n"
"in each of their forms, with a note of VMCOREINFO or without); the guest's RAM as a file; or\n"
"a dump that is to be filtered once more, of which a split one is all of its files.\n",
	.more =
"Exit status: 0 whole, 1 failed, 2 saved, but without pages that could not be read, or\n"
"without the log.\n",
	.run = run,
};
