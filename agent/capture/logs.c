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
#include "base/io.h"
#include "base/log.h"
#include "base/progress.h"
#include "crash.h"
#include "job.h"
#include "kernel/dmesg.h"
#include "kernel/salvage.h"
#include "targets/crash_files.h"
#include "targets/sink.h"

#define DMESG_LIMIT (64u << 20)		/* of text, whatever the ring claims */
#define LOG_BUF_LEN (4 * DMESG_RECORD_MAX)
#define ROOM_LEFT (128u << 10)		/* for the manifest */
#define KMSG_LIMIT (8u << 20)

/*
 * The log on its way: its records, by the kernel's own account or by what can be found of
 * them, and where their text goes: behind `off`, through one buffer.
 */
struct log_run {
	struct capture *c;
	struct dmesg dmesg;
	struct salvage salvage;
	bool salvaged;
	struct sink_file f;
	char *buf;
	uint64_t off, limit;	/* bytes that are in the file, that it may have */
};

/* e says why it has come to this. */
static bool salvage_log(struct log_run *log, struct err *e)
{
	struct capture *c = log->c;
	struct crash *crash = c->crash;

	log_warn("memory is searched for the log, its times are lost: %s", e->text);
	log->salvaged = true;
	log->salvage = (struct salvage){ .pm = crash->pm, .alive = &c->progress->alive,
					 .until = monotonic_seconds() + SALVAGE_S };
	if (salvage_open(&log->salvage, &crash->core, &crash->arena, e))
		return true;
	/* That there is none is told by memory alone: a server's "no such file" is not it. */
	c->t->dmesg_missing = e->code == ENOENT;
	return false;
}

static bool open_log(struct log_run *log, struct err *e)
{
	struct capture *c = log->c;
	struct crash *crash = c->crash;

	log->salvaged = false;
	if (c->job->salvage_only) {
		fail(e, ECANCELED, "following its tables did not end well");
	} else if (!crash->kernel.has_space) {
		fail(e, EINVAL, "%s", crash->kernel.doubt);
	} else if (dmesg_open(&log->dmesg, &crash->kernel.space, e)) {
		log->dmesg.alive = &c->progress->alive;
		log->dmesg.callers |= c->job->log_callers;
		return true;
	}
	return salvage_log(log, e);
}

/* Back to its first record. */
static bool reopen_log(struct log_run *log, struct err *e)
{
	struct capture *c = log->c;
	bool callers;

	if (log->salvaged) {
		salvage_rewind(&log->salvage);
		return true;
	}
	callers = log->dmesg.callers;
	if (!dmesg_open(&log->dmesg, &c->crash->kernel.space, e))
		return false;
	log->dmesg.alive = &c->progress->alive;
	log->dmesg.callers = callers;
	return true;
}

static bool next_record(struct log_run *log, char *buf, size_t size, size_t *len_ret)
{
	return log->salvaged ? salvage_next(&log->salvage, buf, size, len_ret)
			     : dmesg_next(&log->dmesg, buf, size, len_ret);
}

/* How long all of it is, which then must be opened again. */
static uint64_t measure(struct log_run *log)
{
	struct capture *c = log->c;
	uint64_t sum = 0;
	size_t len;

	while (next_record(log, log->buf, DMESG_RECORD_MAX, &len)) {
		sum += len;
		progress_set(&c->progress->alive, c->progress->alive + 1);
	}
	return sum;
}

/*
 * Why it died stands at the end: where not all of the log may be kept, the oldest records go.
 * How many that are shows only from the front.
 */
static bool drop_oldest(struct log_run *log, struct err *e)
{
	struct capture *c = log->c;
	uint64_t room = log->limit - min_u64(log->off, log->limit), n = 0, sum;
	size_t len;

	sum = measure(log);
	if (!reopen_log(log, e))
		return false;
	while (sum > room && next_record(log, log->buf, DMESG_RECORD_MAX, &len)) {
		sum -= len;
		n++;
	}
	c->t->dmesg_skipped += n;
	if (n)
		log_warn("the log is too long for %s: the oldest %llu records of it are left "
			 "out", c->sink->where, (unsigned long long)n);
	return true;
}

static bool flush(struct log_run *log, size_t len, struct err *e)
{
	if (len && !log->f.out.ops->write_at(&log->f.out, log->off, log->buf, len, e))
		return false;
	log->off += len;
	log->c->t->dmesg_len = log->off;
	return true;
}

/* Streams records into the file. What is in it before an error stays there. */
static bool write_dmesg(struct log_run *log, struct err *e)
{
	struct capture *c = log->c;
	size_t used = 0, len;

	if (!drop_oldest(log, e))
		return false;
	while (true) {
		if (LOG_BUF_LEN - used < DMESG_RECORD_MAX) {
			if (!flush(log, used, e))
				return false;
			used = 0;
		}
		if (!next_record(log, log->buf + used, LOG_BUF_LEN - used, &len))
			break;
		if (log->salvaged || dmesg_is_kernels(&log->dmesg))
			panic_reason_feed(&c->t->why, log->buf + used, len);
		used += len;
		c->t->dmesg_records++;
		progress_set(&c->progress->alive, c->progress->alive + 1);
	}
	if (!flush(log, used, e))
		return false;
	if (!log->salvaged) {
		c->t->uptime_s = log->dmesg.latest_ns / 1000000000;
		c->t->dmesg_skipped += log->dmesg.n_skipped;
	}
	return true;
}

/* A ring that is there but gives little has lost its tables, not its text. */
static bool gives_little(const struct dmesg *d)
{
	return !d->n_with_text || d->n_garbled > d->n_records;
}

/* What else can be found goes behind what the ring has given. */
static bool add_salvaged(struct log_run *log, struct err *e)
{
	static const char words[] = "---- found in memory, without times ----\n";
	const struct dmesg *d = &log->dmesg;
	bool has_some = log->off;

	if (d->n_records)
		fail(e, EINVAL, "only %llu records of the log can be read, %llu cannot",
		     (unsigned long long)d->n_records, (unsigned long long)d->n_garbled);
	else
		fail(e, EINVAL, "no record of the log can be read");
	if (!salvage_log(log, e)) {
		log->salvaged = false;
		if (has_some)
			log_warn("%s", e->text);
		return has_some;
	}
	if (has_some) {
		memcpy(log->buf, words, sizeof(words) - 1);
		if (!flush(log, sizeof(words) - 1, e))
			return false;
	}
	return write_dmesg(log, e);
}

static uint64_t limit_of(struct sink *sink)
{
	uint64_t free_len;
	struct err ignored;

	if (!sink->ops->space(sink, &free_len, &ignored))
		return DMESG_LIMIT;
	/* A first try costs nothing where there seems to be no room at all. */
	return min_u64(DMESG_LIMIT, max_u64(free_len, 2 * ROOM_LEFT) - ROOM_LEFT);
}

static bool save(struct capture *c, struct err *e)
{
	struct log_run log = { .c = c, .limit = limit_of(c->sink) };
	bool ok;

	log.buf = arena_take(&c->crash->arena, LOG_BUF_LEN, 1, "dmesg", e);
	if (!log.buf || !open_log(&log, e) ||
	    !sink_create(c->sink, crash_files[CRASH_DMESG].name, &log.f, e))
		return false;
	c->t->dmesg_len = c->t->dmesg_records = c->t->dmesg_skipped = 0;
	ok = write_dmesg(&log, e);
	if (ok && !log.salvaged && gives_little(&log.dmesg))
		ok = add_salvaged(&log, e);
	if (!ok || !sink_reread(&log.f, &c->progress->alive, e) ||
	    !c->sink->ops->commit(&log.f, e)) {
		c->sink->ops->abandon(&log.f, c->t->dmesg_len > 0);
		return false;
	}
	c->t->dmesg_salvaged = log.salvaged;
	c->t->dmesg_saved = true;
	log_info("dmesg saved: %s/%s, %llu records", c->sink->where,
		 crash_files[CRASH_DMESG].name, (unsigned long long)c->t->dmesg_records);
	return true;
}

bool logs_save_dmesg(struct capture *c, struct err *e)
{
	struct arena *arena = &c->crash->arena;
	size_t mark = arena_mark(arena);
	bool ok = save(c, e);

	arena_release(arena, mark);
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

	if (fd < 0 || !sink_create(sink, crash_files[CRASH_KMSG].name, &f, &e))
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
