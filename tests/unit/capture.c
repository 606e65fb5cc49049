/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture/capture onto a folder that goes wrong at one point: what the manifest's facts say of
 * the dump then is what is true of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/job.h"
#include "dump/codec.h"
#include "dump/kdumpfile.h"
#include "core_file.h"
#include "faulty_sink.h"
#include "folder.h"
#include "t.h"
#include "targets/sink.h"
#include "targets/sink_dir.h"

#define RAM_LEN (6u << 20)

/* What goes wrong. Programs of this folder may have mutable globals. */
static enum { NOTHING, LATE, SEAL_LOST, NARROW, IN_NAME_ONLY, DEADLY, FULL, TIGHT } fault;
static struct progress progress;
static struct job job;
static uint64_t deadly_off;	/* of the file: whoever writes there dies */

static bool faulty_sync(struct out *o, struct err *e)
{
	/* All is copied, and now the time is over. */
	if (fault == LATE && progress.stage == STAGE_SYNC)
		job.give_up = 1;
	return honest_out->sync(o, e);
}

static bool faulty_write(struct out *o, uint64_t off, const void *buf, size_t len,
			 struct err *e)
{
	if (fault == SEAL_LOST && progress.stage == STAGE_VERIFY && off == kdump_seal_off())
		return true;
	if (fault == DEADLY && progress.stage == STAGE_COPY && off + len > deadly_off)
		_exit(9);
	return honest_out->write_at(o, off, buf, len, e);
}

/* As on a server, which sets the length and takes no space for it. */
static bool faulty_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	if (fault == IN_NAME_ONLY)
		o->owed += len;
	return honest_out->lengthen(o, off + len, e);
}

static bool faulty_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	/* The estimate of the page data, a MiB, and half of the descriptors. */
	const uint64_t n_pages = RAM_LEN / 4096;

	if (fault != NARROW && fault != IN_NAME_ONLY && fault != FULL && fault != TIGHT)
		return honest->space(s, free_ret, e);
	*free_ret = RAM_LEN + RAM_LEN / 8 + 4096 + (1u << 20) + n_pages * 12;
	if (fault == FULL)
		*free_ret = RAM_LEN / 2;
	if (fault == TIGHT && there("again/vmcore-earlier-incomplete"))
		*free_ret -= 1u << 20;
	return true;
}

static void change(struct out_ops *ops)
{
	ops->sync = faulty_sync;
	ops->write_at = faulty_write;
	if (fault == NARROW || fault == IN_NAME_ONLY)
		ops->reserve = faulty_reserve;
}

static struct capture on(struct crash *crash, struct sink *s, struct totals *t)
{
	return (struct capture){ .crash = crash, .sink = s, .job = &job,
				 .progress = &progress, .t = t };
}

static bool dump(struct crash *crash, struct sink *s, struct totals *t, struct err *e)
{
	struct capture c = on(crash, s, t);

	return capture_dump(&c, e);
}

static bool end(struct crash *crash, struct sink *s, struct totals *t, struct err *e)
{
	struct capture c = on(crash, s, t);

	return capture_end(&c, e);
}

static const struct {
	const char *row;
	int fault;
	bool ok, verified, valid, complete;
	const char *why;	/* in the only reason, NULL: there is none */
} rows[] = {
	{ "nothing goes wrong", NOTHING, true, true, true, true, NULL },
	{ "no time to read it back", LATE, true, false, false, true,
	  "the deadline came before it was read back" },
	{ "the last write is lost", SEAL_LOST, false, true, false, false,
	  "its last write did not reach the storage" },
};

static void begin(const char *name, struct sink *s, struct totals *t)
{
	struct err e;

	if (!sink_dir_open(s, &(struct sink_folder){ NULL, at(name), &progress.durable }, &e))
		abort();
	make_faulty(s, change);
	faulty.space = faulty_space;
	job = (struct job){ .level = 0, .codec = codec_named("none"), .workers = 1,
			    .host = "h", .target = "t" };
	capture_begin(&(struct capture){ .job = &job, .t = t });
}

static void test_row(struct crash *crash, size_t i)
{
	const char *row = rows[i].row;
	struct totals t;
	struct sink s;
	struct err e = { .text = "" };
	char name[20];

	snprintf(name, sizeof(name), "out-%zu", i);
	begin(name, &s, &t);
	fault = rows[i].fault;
	T_EQUAL(row, rows[i].ok, dump(crash, &s, &t, &e));
	T_EQUAL(row, rows[i].verified, t.verified);
	T_EQUAL(row, rows[i].valid, t.valid);
	T_EQUAL(row, rows[i].complete, t.complete);
	T_EQUAL(row, rows[i].why ? 1 : 0, t.n_reasons);
	T_CHECK(row, !rows[i].why || strstr(t.reasons[0], rows[i].why));
	T_CHECK(row, rows[i].verified == !!t.sha256[0]);
	snprintf(name, sizeof(name), "out-%zu/vmcore", i);
	T_EQUAL("a name for what is there", rows[i].ok, there(name));
	T_CHECK("time is counted, and so is work", t.seconds[STAGE_SCAN] > 0 &&
		t.cpu_seconds[STAGE_SCAN] > 0 && t.seconds[STAGE_VERIFY] > 0 &&
		t.cpu_seconds[STAGE_VERIFY] > 0);
	s.ops->close(&s);
}

/* The descriptors count for what they will take, unless their space is taken already. */
static void test_room(struct crash *crash)
{
	struct totals t;
	struct sink s;
	struct err e = { .text = "" };

	begin("narrow", &s, &t);
	fault = NARROW;
	T_CHECK("taken", dump(crash, &s, &t, &e));
	s.ops->close(&s);
	begin("in-name-only", &s, &t);
	fault = IN_NAME_ONLY;
	T_CHECK("owed", !dump(crash, &s, &t, &e));
	T_EQUAL("owed", ENOSPC, e.code);
	T_CHECK("it is another target's turn", t.no_room);
	T_CHECK("nothing was begun for nothing", !there("in-name-only/vmcore-incomplete"));
	s.ops->close(&s);
	fault = NOTHING;
}

/* An attempt in a process of its own, which dies when it writes behind `off`. */
static void attempt_until(struct crash *crash, struct sink *s, struct totals *t, uint64_t off)
{
	struct err e;
	pid_t pid;

	fault = DEADLY;
	deadly_off = off;
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(dump(crash, s, t, &e));
	waitpid(pid, NULL, 0);
	fault = NOTHING;
}

static off_t len_of(const char *name)
{
	struct stat st;

	return stat(at(name), &st) ? -1 : st.st_size;
}

/* What an attempt has saved before it died is not lost by the next one, which saves less. */
static void test_attempts(struct crash *crash)
{
	struct totals *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct err e = { .text = "" };
	off_t longer;
	struct sink s;

	if (t == MAP_FAILED)
		abort();
	begin("again", &s, t);
	attempt_until(crash, &s, t, 3u << 20);
	longer = len_of("again/vmcore-incomplete");
	T_CHECK("a part", t->data_len > 1u << 20 && longer > (off_t)t->data_len);
	attempt_until(crash, &s, t, 0);
	T_EQUAL("one that dies at once", longer, len_of("again/vmcore-earlier-incomplete"));
	attempt_until(crash, &s, t, 2u << 20);
	T_EQUAL("a shorter one", longer, len_of("again/vmcore-earlier-incomplete"));
	T_CHECK("its own part", len_of("again/vmcore-incomplete") < longer);
	T_CHECK("the end", end(crash, &s, t, &e));
	T_EQUAL("the longer one has the name", longer, len_of("again/vmcore-incomplete"));
	T_CHECK("the shorter one is gone", !there("again/vmcore-earlier-incomplete"));
	T_EQUAL("it is told", 1, t->n_reasons);
	T_CHECK("it is told", strstr(t->reasons[0], "of an attempt before"));

	fault = FULL;
	T_CHECK("no room for both, nor for one", !dump(crash, &s, t, &e) && t->no_room);
	T_EQUAL("then it stays", longer, len_of("again/vmcore-incomplete"));
	attempt_until(crash, &s, t, 4u << 20);
	T_CHECK("a longer one", len_of("again/vmcore-incomplete") > longer);
	T_CHECK("it ends", end(crash, &s, t, &e));
	T_CHECK("the shorter one goes", !there("again/vmcore-earlier-incomplete"));
	T_CHECK("and stays away", len_of("again/vmcore-incomplete") > longer);
	fault = TIGHT;
	T_CHECK("room for the whole, without it", dump(crash, &s, t, &e));
	T_CHECK("room for the whole, without it", there("again/vmcore"));
	T_CHECK("no part stays", !there("again/vmcore-incomplete") &&
				 !there("again/vmcore-earlier-incomplete"));
	s.ops->close(&s);
	munmap(t, sizeof(*t));
}

/* The manifest before the dump, and the one at the end in its place. */
static void test_manifests(struct crash *crash)
{
	static const char early[] = "the capture was not finished";
	char text[16384];
	struct totals t;
	struct sink s;
	struct capture c = on(crash, &s, &t);
	struct err e;
	int fd;

	if (!sink_dir_open(&s, &(struct sink_folder){ NULL, at("twice"), &progress.durable },
			   &e))
		abort();
	capture_begin(&c);
	for (int i = 0; i < 2; i++) {
		if (!i)
			capture_tell(&c);
		else
			T_CHECK("the end", capture_end(&c, &e));
		fd = open(at("twice/manifest.json"), O_RDONLY);
		T_CHECK("a manifest", fd >= 0);
		text[fd < 0 ? 0 : read(fd, text, sizeof(text) - 1)] = '\0';
		close(fd);
		T_EQUAL("what it says", !i, !!strstr(text, early));
	}
	T_EQUAL("that was said for once", 0, t.n_reasons);
	T_CHECK("nothing is left behind", !there("twice/manifest-incomplete.json"));
	s.ops->close(&s);
}

int main(void)
{
	struct crash crash;
	char command[64];
	struct err e;

	if (!mkdtemp(root))
		abort();
	make_core("core", RAM_LEN);
	if (!crash_open(&crash, at("core"), NULL, &e)) {
		printf("%s\n", e.text);
		return 1;
	}
	for (size_t i = 0; i < T_SIZE(rows); i++)
		test_row(&crash, i);
	test_room(&crash);
	test_attempts(&crash);
	test_manifests(&crash);
	crash_close(&crash);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
