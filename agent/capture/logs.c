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

/* The log's records, by the kernel's own account or by what can be found of them. */
struct log_source {
	struct dmesg dmesg;
	struct salvage salvage;
	bool salvaged;
};

/* e says why it has come to this. */
static bool salvage_log(struct capture *c, struct log_source *log, struct err *e)
{
	struct crash *crash = c->crash;

	log_warn("memory is searched for the log, its times are lost: %s", e->text);
	log->salvaged = true;
	return salvage_open(&log->salvage, &crash->core, &crash->reader.pm, &crash->arena,
			    &c->progress->alive, e);
}

static bool open_log(struct capture *c, struct log_source *log, struct err *e)
{
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
	return salvage_log(c, log, e);
}

/* Back to its first record. */
static bool reopen_log(struct capture *c, struct log_source *log, struct err *e)
{
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

static bool next_record(struct log_source *log, char *buf, size_t size, size_t *len_ret)
{
	return log->salvaged ? salvage_next(&log->salvage, buf, size, len_ret)
			     : dmesg_next(&log->dmesg, buf, size, len_ret);
}

/* Where the text goes: behind `off`, through one buffer. */
struct log_file {
	struct sink_file f;
	char *buf;
	uint64_t off, limit;	/* bytes that are in the file, that it may have */
};

/* How long all of it is, which then must be opened again. */
static uint64_t measure(struct capture *c, struct log_source *log, char *buf)
{
	uint64_t sum = 0;
	size_t len;

	while (next_record(log, buf, DMESG_RECORD_MAX, &len)) {
		sum += len;
		progress_set(&c->progress->alive, c->progress->alive + 1);
	}
	return sum;
}

/*
 * Why it died stands at the end: where not all of the log may be kept, the oldest records go.
 * How many that are shows only from the front.
 */
static bool drop_oldest(struct capture *c, struct log_source *log, struct log_file *to,
			struct err *e)
{
	uint64_t room = to->limit - min_u64(to->off, to->limit), n = 0, sum;
	size_t len;

	sum = measure(c, log, to->buf);
	if (!reopen_log(c, log, e))
		return false;
	while (sum > room && next_record(log, to->buf, DMESG_RECORD_MAX, &len)) {
		sum -= len;
		n++;
	}
	c->t->dmesg_skipped += n;
	if (n)
		log_warn("the log is too long for %s: the oldest %llu records of it are left "
			 "out", c->sink->where, (unsigned long long)n);
	return true;
}

static bool flush(struct capture *c, struct log_file *to, size_t len, struct err *e)
{
	if (len && !to->f.out.ops->write_at(&to->f.out, to->off, to->buf, len, e))
		return false;
	to->off += len;
	c->t->dmesg_len = to->off;
	return true;
}

/* Streams records into the file. What is in it before an error stays there. */
static bool write_dmesg(struct capture *c, struct log_source *log, struct log_file *to,
			struct err *e)
{
	size_t used = 0, len;

	if (!drop_oldest(c, log, to, e))
		return false;
	while (true) {
		if (LOG_BUF_LEN - used < DMESG_RECORD_MAX) {
			if (!flush(c, to, used, e))
				return false;
			used = 0;
		}
		if (!next_record(log, to->buf + used, LOG_BUF_LEN - used, &len))
			break;
		if (log->salvaged || dmesg_is_kernels(&log->dmesg))
			panic_reason_feed(&c->t->why, to->buf + used, len);
		used += len;
		c->t->dmesg_records++;
		progress_set(&c->progress->alive, c->progress->alive + 1);
	}
	if (!flush(c, to, used, e))
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
static bool add_salvaged(struct capture *c, struct log_source *log, struct log_file *to,
			 struct err *e)
{
	static const char words[] = "---- found in memory, without times ----\n";
	const struct dmesg *d = &log->dmesg;
	bool has_some = to->off;

	if (d->n_records)
		fail(e, EINVAL, "only %llu records of the log can be read, %llu cannot",
		     (unsigned long long)d->n_records, (unsigned long long)d->n_garbled);
	else
		fail(e, EINVAL, "no record of the log can be read");
	if (!salvage_log(c, log, e)) {
		log->salvaged = false;
		if (has_some)
			log_warn("%s", e->text);
		return has_some;
	}
	if (has_some) {
		memcpy(to->buf, words, sizeof(words) - 1);
		if (!flush(c, to, sizeof(words) - 1, e))
			return false;
	}
	return write_dmesg(c, log, to, e);
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
	struct log_file to = { .limit = limit_of(c->sink) };
	struct log_source log;
	bool ok;

	to.buf = arena_take(&c->crash->arena, LOG_BUF_LEN, 1, "dmesg", e);
	if (!to.buf || !open_log(c, &log, e) ||
	    !sink_create(c->sink, crash_files[CRASH_DMESG].name, &to.f, e))
		return false;
	c->t->dmesg_len = c->t->dmesg_records = c->t->dmesg_skipped = 0;
	ok = write_dmesg(c, &log, &to, e);
	if (ok && !log.salvaged && gives_little(&log.dmesg))
		ok = add_salvaged(c, &log, &to, e);
	if (!ok || !sink_reread(&to.f, &c->progress->alive, e) ||
	    !c->sink->ops->commit(&to.f, e)) {
		c->sink->ops->abandon(&to.f, c->t->dmesg_len > 0);
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
