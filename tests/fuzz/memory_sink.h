/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink in memory, which is full when so many bytes were written: the dump is a memfd, other
 * files are taken and forgotten.
 */
#ifndef FUZZ_MEMORY_SINK_H
#define FUZZ_MEMORY_SINK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "targets/crash_files.h"
#include "targets/sink.h"

struct memory_sink {
	struct sink sink;	/* first, so that it is one */
	uint64_t room;		/* bytes that may still be written */
	int dump_fd;		/* -1: none was begun */
	bool has_dump;		/* under its name */
	bool failed;		/* a write of the dump was refused */
	uint64_t durable;
};

/* Of each open file: its memfd. */
static inline int memory_fd(struct out *o)
{
	int fd;

	memcpy(&fd, ((struct sink_file *)o)->own, sizeof(fd));
	return fd;
}

static inline bool memory_write(struct out *o, uint64_t off, const void *buf, size_t len,
				struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	struct memory_sink *m = (struct memory_sink *)f->sink;

	if (len > m->room) {
		m->failed |= memory_fd(o) == m->dump_fd;
		return fail(e, ENOSPC, "memory is full") || sink_latch(f, e);
	}
	m->room -= len;
	if (pwrite(memory_fd(o), buf, len, off) != (ssize_t)len)
		abort();
	sink_wrote(f, off, buf, len);
	return true;
}

static inline bool memory_read(struct out *o, uint64_t off, void *buf, size_t len,
			       struct err *e)
{
	return pread_all(memory_fd(o), buf, len, off, "memory", e);
}

static inline bool memory_lengthen(struct out *o, uint64_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	(void)e;
	if ((uint64_t)lseek(memory_fd(o), 0, SEEK_END) < len && ftruncate(memory_fd(o), len))
		abort();
	f->end = len > f->end ? len : f->end;
	return true;
}

static inline bool memory_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	o->owed += len;
	return memory_lengthen(o, off + len, e);
}

static inline bool memory_sync(struct out *o, struct err *e)
{
	(void)o;
	(void)e;
	return true;
}

static inline bool memory_has(struct sink *s, const char *name)
{
	return ((struct memory_sink *)s)->has_dump &&
	       !strcmp(name, crash_files[CRASH_DUMP].name);
}

static inline bool memory_move(struct sink *s, const char *from, const char *to, struct err *e)
{
	(void)s;
	(void)to;
	return fail(e, ENOENT, "%s: there is none", from);
}

static inline bool memory_remove(struct sink *s, const char *name, struct err *e)
{
	(void)s;
	return fail(e, ENOENT, "%s: there is none", name);
}

static inline bool memory_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	(void)e;
	*free_ret = ((struct memory_sink *)s)->room;
	return true;
}

static inline bool memory_create(struct sink *s, const char *name, struct sink_file *f,
				 struct err *e)
{
	static const struct out_ops ops = {
		.write_at = memory_write, .read_at = memory_read, .reread = memory_read,
		.lengthen = memory_lengthen, .reserve = memory_reserve, .sync = memory_sync,
	};
	struct memory_sink *m = (struct memory_sink *)s;
	int fd = memfd_create("file", MFD_CLOEXEC);

	if (fd < 0)
		return fail(e, errno, "%s: no memory", name);
	sink_file_begin(f, s, name, &ops);
	memcpy(f->own, &fd, sizeof(fd));
	if (!strcmp(name, crash_files[CRASH_DUMP].name)) {
		if (m->dump_fd >= 0)
			close(m->dump_fd);
		m->dump_fd = fd;
	}
	return true;
}

/* The dump stays open for who looks at it. */
static inline void memory_abandon(struct sink_file *f, bool keep)
{
	struct memory_sink *m = (struct memory_sink *)f->sink;

	if (memory_fd(&f->out) != m->dump_fd)
		close(memory_fd(&f->out));
	else if (!keep) {
		close(m->dump_fd);
		m->dump_fd = -1;
	}
}

static inline bool memory_commit(struct sink_file *f, struct err *e)
{
	struct memory_sink *m = (struct memory_sink *)f->sink;

	if (f->failed)
		return sink_latch(f, e);
	if (!sink_file_has_len(f, lseek(memory_fd(&f->out), 0, SEEK_END), e))
		return false;
	m->has_dump |= memory_fd(&f->out) == m->dump_fd;
	memory_abandon(f, true);
	return true;
}

static inline void memory_close(struct sink *s)
{
	(void)s;
}

static inline void memory_sink_begin(struct memory_sink *m, uint64_t room)
{
	static const struct sink_ops ops = { "memory", memory_has, memory_move, memory_remove,
					     memory_space, memory_create, memory_commit,
					     .abandon = memory_abandon,
					     .close = memory_close };

	*m = (struct memory_sink){ .sink = { .ops = &ops }, .room = room, .dump_fd = -1 };
	m->sink.durable = &m->durable;
	snprintf(m->sink.where, sizeof(m->sink.where), "memory");
}

static inline void memory_sink_end(struct memory_sink *m)
{
	if (m->dump_fd >= 0)
		close(m->dump_fd);
}

#endif
