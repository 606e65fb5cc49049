/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmcore/corereader when a page of the core cannot be touched. The source is built in here,
 * with its copying and its pread replaced: the first raises SIGBUS with the si_code of a
 * row, the second counts. Poisoned memory must not be touched a second time.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/dumpfile.h"
#include "base/err.h"

static int raise_code;		/* si_code of the next copy's SIGBUS, -1: none */
static unsigned n_preads;

static void raise_sigbus(int code)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGBUS;
	info.si_code = code;
	/* To ourselves any code may be sent. */
	syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), SIGBUS, &info);
}

static void *copy_or_die(void *to, const void *from, size_t len)
{
	if (raise_code >= 0)
		raise_sigbus(raise_code);
	return memmove(to, from, len);
}

static bool counted_read(const struct dumpfile *f, void *buf, uint64_t len, uint64_t off,
			 struct err *e)
{
	n_preads++;
	return dumpfile_read(f, buf, len, off, e);
}

/* The objects that are linked in have these already. */
#define corereader_catch_sigbus here_catch_sigbus
#define corereader_init here_reader_init
#define corereader_deinit here_reader_deinit
#define corereader_stay here_stay
#define corereader_leave here_leave
#define memcpy copy_or_die
#define dumpfile_read counted_read
#include "../../agent/vmcore/corereader.c"
#undef memcpy
#undef dumpfile_read

#include "t.h"

static const struct {
	const char *row;
	int code;
	bool ok;
	unsigned n_preads;
} rows[] = {
	{ "no signal", -1, true, 0 },
	{ "beyond the end of the file", BUS_ADRERR, true, 1 },
	{ "a machine check, no struct page", SI_KERNEL, false, 0 },
	{ "a machine check in our read", BUS_MCEERR_AR, false, 0 },
	{ "a machine check found by a scrubber", BUS_MCEERR_AO, false, 0 },
	{ "a bus that says no", BUS_OBJERR, false, 0 },
	{ "an alignment trap", BUS_ADRALN, false, 0 },
};

/* What is done with memory in place: perhaps a copy from elsewhere, then a touch. */
struct look {
	struct physmem *pm;
	int copy_code, touch_code;	/* si_code of each one's SIGBUS, -1: none */
	bool copied, done;
	uint8_t first;
};

static void use(void *ctx, const uint8_t *bytes)
{
	struct look *l = ctx;
	uint8_t page[4096];
	struct err ignored;

	raise_code = l->copy_code;
	l->copied = physmem_read(l->pm, 0, page, sizeof(page), &ignored);
	raise_code = -1;
	if (l->touch_code >= 0)
		raise_sigbus(l->touch_code);
	l->first = *bytes;
	l->done = true;
}

static void test_look(const struct elfcore *core)
{
	static const struct {
		const char *row;
		int copy_code, touch_code;
		bool copied, done;
	} looks[] = {
		{ "nothing happens", -1, -1, true, true },
		{ "the touch fails", -1, SI_KERNEL, true, false },
		{ "the touch is beyond the end of the file", -1, BUS_ADRERR, true, false },
		{ "a copy fails, the touch does not", SI_KERNEL, -1, false, true },
		{ "both fail", SI_KERNEL, BUS_MCEERR_AR, false, false },
	};

	for (size_t i = 0; i < T_SIZE(looks); i++) {
		struct corereader r;
		struct look l = { &r.pm, looks[i].copy_code, looks[i].touch_code,
				  false, false, 0 };
		uint8_t page[4096];
		struct err e;

		corereader_init(&r, core);
		T_EQUAL(looks[i].row, looks[i].done, physmem_look(&r.pm, 100, 4096, use, &l));
		T_EQUAL(looks[i].row, looks[i].done, l.done);
		T_EQUAL(looks[i].row, looks[i].copied, l.copied);
		T_EQUAL(looks[i].row, looks[i].done ? 0x5a : 0, l.first);
		T_CHECK(looks[i].row, physmem_read(&r.pm, 0, page, 4096, &e));
		T_CHECK("past the end of the range", !physmem_look(&r.pm, 8000, 4096, use, &l));
		T_CHECK("not in the core", !physmem_look(&r.pm, 8192, 64, use, &l));
		corereader_deinit(&r);
	}
}

/* A piece of a file is read; memory that is a file is touched with care, and nothing else. */
static void test_pick(struct elfcore *core)
{
	static const struct {
		const char *row;
		bool is_memory;
		int code;
		bool ok;
		unsigned n_preads;
	} picks[] = {
		{ "of a file", false, -1, true, 1 },
		{ "of memory", true, -1, true, 0 },
		{ "of poisoned memory", true, SI_KERNEL, false, 0 },
	};

	for (size_t i = 0; i < T_SIZE(picks); i++) {
		struct corereader r;
		uint8_t bytes[64] = { 0 };
		struct err e;

		core->is_memory = picks[i].is_memory;
		corereader_init(&r, core);
		n_preads = 0;
		raise_code = picks[i].code;
		T_EQUAL(picks[i].row, picks[i].ok,
			physmem_pick(&r.pm, 100, bytes, sizeof(bytes), &e));
		raise_code = -1;
		T_EQUAL(picks[i].row, picks[i].n_preads, n_preads);
		T_EQUAL(picks[i].row, picks[i].ok ? 0x5a : 0, bytes[0]);
		corereader_deinit(&r);
	}
	core->is_memory = false;
}

/* This machine's own memory is a file of /proc, where it may be read. */
static void test_which_is_memory(void)
{
	struct elfcore core;
	struct arena arena;
	struct err e;

	if (!arena_init(&arena, 32u << 20, &e))
		abort();
	if (elfcore_open(&core, "/proc/kcore", &arena, &e)) {
		T_CHECK("/proc/kcore", core.is_memory);
		elfcore_close(&core);
	}
	arena_deinit(&arena);
}

int main(void)
{
	char path[] = "/tmp/unit-sigbus-XXXXXX";
	struct ram_range range = { .start = 0, .end = 8192, .off = 0 };
	struct elfcore core = { .file = { .fd = mkstemp(path) }, .size = 8192,
				.ranges = &range, .n_ranges = 1 };
	char bytes[8192];

	memset(bytes, 0x5a, sizeof(bytes));
	if (core.file.fd < 0 || write(core.file.fd, bytes, sizeof(bytes)) != sizeof(bytes))
		abort();
	unlink(path);
	corereader_catch_sigbus();
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct corereader r;
		struct err e = { .code = 0 };
		uint8_t page[4096] = { 0 };

		/* A whole window and one page of it; the second read finds it mapped. */
		corereader_init(&r, &core);
		n_preads = 0;
		raise_code = rows[i].code;
		T_EQUAL(rows[i].row, rows[i].ok, physmem_read(&r.pm, 4096, page, 4096, &e));
		T_EQUAL(rows[i].row, rows[i].n_preads, n_preads);
		T_EQUAL(rows[i].row, rows[i].ok ? 0x5a : 0, page[100]);
		T_EQUAL(rows[i].row, rows[i].ok ? 0 : EIO, e.code);
		if (!rows[i].ok)
			T_CHECK(rows[i].row, strstr(e.text, "poisoned"));
		raise_code = -1;
		T_CHECK("the reader works on", physmem_read(&r.pm, 0, page, 4096, &e));
		T_EQUAL("the reader works on", 0x5a, page[100]);
		corereader_deinit(&r);
	}
	test_look(&core);
	test_pick(&core);
	test_which_is_memory();
	close(core.file.fd);
	return t_done();
}
