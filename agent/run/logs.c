/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two logs go to the sink: the crashed kernel's, by its own account or by what can be
 * found of it, and at the end that of the kernel we run on.
 */
#include "logs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "core/dmesg.h"
#include "core/salvage.h"
#include "crash.h"
#include "job.h"
#include "progress.h"
#include "sink/sink.h"

#define DMESG_LIMIT (64u << 20)		/* of text, whatever the ring claims */
#define KMSG_LIMIT (8u << 20)

struct save {
	struct crash *crash;
	struct sink *sink;
	const struct job *job;
	struct progress *progress;
	struct totals *t;
};

/* The log's records, by the kernel's own account or by what can be found of them. */
struct log_source {
	struct dmesg dmesg;
	struct salvage salvage;
	bool salvaged;
};

/* e says why it has come to this. */
static bool salvage_log(struct save *r, struct log_source *log, struct err *e)
{
	struct crash *crash = r->crash;

	log_warn("memory is searched for the log, its times are lost: %s", e->text);
	log->salvaged = true;
	return salvage_open(&log->salvage, &crash->core, &crash->reader.pm, &crash->arena,
			    &r->progress->alive, e);
}

static bool open_log(struct save *r, struct log_source *log, struct err *e)
{
	struct crash *crash = r->crash;

	log->salvaged = false;
	if (r->job->salvage_only) {
		fail(e, ECANCELED, "following its tables did not end well");
	} else if (!crash->kernel.has_space) {
		fail(e, EINVAL, "%s", crash->kernel.doubt);
	} else if (dmesg_open(&log->dmesg, &crash->kernel.space, e)) {
		log->dmesg.alive = &r->progress->alive;
		log->dmesg.callers |= r->job->log_callers;
		return true;
	}
	return salvage_log(r, log, e);
}

static bool next_record(struct log_source *log, char *buf, size_t size, size_t *len_ret)
{
	return log->salvaged ? salvage_next(&log->salvage, buf, size, len_ret)
			     : dmesg_next(&log->dmesg, buf, size, len_ret);
}

/* Streams records into the file through one buffer. */
static bool write_dmesg(struct save *r, struct log_source *log, struct sink_file *f,
			char *buf, size_t size, struct err *e)
{
	uint64_t off = 0;
	size_t used = 0, len;

	while (off + used < DMESG_LIMIT) {
		bool more;

		if (size - used < DMESG_RECORD_MAX) {
			if (!f->out.ops->write_at(&f->out, off, buf, used, e))
				return false;
			off += used;
			used = 0;
		}
		more = next_record(log, buf + used, size - used, &len);
		if (!more)
			break;
		if (log->salvaged || dmesg_is_kernels(&log->dmesg))
			why_feed(&r->t->why, buf + used, len);
		used += len;
		r->t->dmesg_records++;
		progress_set(&r->progress->alive, r->progress->alive + 1);
	}
	if (!f->out.ops->write_at(&f->out, off, buf, used, e))
		return false;
	r->t->dmesg_len = off + used;
	if (!log->salvaged)
		r->t->uptime_s = log->dmesg.latest_ns / 1000000000;
	return true;
}

static bool save(struct save *r, struct err *e)
{
	size_t size = 4 * DMESG_RECORD_MAX;
	char *buf = arena_take(&r->crash->arena, size, 1, "dmesg", e);
	struct sink_file f;
	struct log_source log;
	bool ok;

	if (!buf || !open_log(r, &log, e) ||
	    !sink_create(r->sink, "vmcore-dmesg.txt", &f, e))
		return false;
	ok = write_dmesg(r, &log, &f, buf, size, e);
	/* A ring that is there but gives nothing has lost its tables, not its text. */
	if (ok && !r->t->dmesg_records && !log.salvaged)
		ok = fail(e, EINVAL, "no record of the log can be read") ||
		     (salvage_log(r, &log, e) && write_dmesg(r, &log, &f, buf, size, e));
	if (!ok || !sink_reread(&f, &r->progress->alive, e) || !r->sink->ops->commit(&f, e)) {
		r->sink->ops->abandon(&f, r->t->dmesg_len > 0);
		return false;
	}
	r->t->dmesg_skipped = log.salvaged ? 0 : log.dmesg.n_skipped;
	r->t->dmesg_salvaged = log.salvaged;
	r->t->dmesg_saved = true;
	log_info("dmesg saved: %s/vmcore-dmesg.txt, %llu records", r->sink->where,
		 (unsigned long long)r->t->dmesg_records);
	return true;
}

bool logs_save_dmesg(struct crash *crash, struct sink *sink, const struct job *job,
		     struct progress *progress, struct totals *t, struct err *e)
{
	struct save s = { crash, sink, job, progress, t };
	size_t mark = arena_mark(&crash->arena);
	bool ok = save(&s, e);

	arena_release(&crash->arena, mark);
	return ok;
}

/* This kernel's own log, as dmesg prints it. Never a reason to fail. */
void logs_save_kmsg(const char *path, struct sink *sink)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[8192], line[8192];
	struct sink_file f;
	uint64_t off = 0;
	struct err e;
	ssize_t n;

	if (fd < 0 || !sink_create(sink, "kexec-dmesg.log", &f, &e))
		return;
	while (off < KMSG_LIMIT) {
		unsigned long long usec;
		char *text;
		int len;

		n = read(fd, record, sizeof(record) - 1);
		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* overwritten while we read: go on behind it */
		if (n <= 0)
			break;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || sscanf(record, "%*u,%*u,%llu", &usec) != 1)
			continue;
		text[strcspn(text, "\n")] = '\0';
		len = snprintf(line, sizeof(line), "[%5llu.%06llu] %s\n", usec / 1000000,
			       usec % 1000000, text + 1);
		len = min_u64(len, sizeof(line) - 1);
		if (!f.out.ops->write_at(&f.out, off, line, len, &e))
			break;
		off += len;
	}
	if (!sink_reread(&f, NULL, &e) || !sink->ops->commit(&f, &e))
		sink->ops->abandon(&f, true);
}
