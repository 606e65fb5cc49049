/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump that is read back while it is being written: when that is done, what the totals say
 * of it then, and that nothing which is not as it was written gets its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/job.h"
#include "core_file.h"
#include "dump/behind.h"
#include "dump/codec.h"
#include "faulty_sink.h"
#include "folder.h"
#include "t.h"
#include "targets/sink.h"
#include "targets/sink_dir.h"

#define RAM_LEN (24u << 20)
#define SMALL_LEN (64u << 10)
#define PAUSE_OFF (19ull << 20)	/* behind it is a second in which all before gets durable */
#define DAMAGE_OFF (9ull << 20)
#define PATIENCE_S 60.0

/* What goes wrong. Programs of this folder may have mutable globals. */
enum fault { NOTHING, LIES, CHANGES, UNREAD_ONCE, UNREAD, LATE };

static enum fault fault;
static struct progress progress;
static struct job job;
static struct capture capture_now;
static char folder[20];
static bool has_paused;
static double wrote_s;

/* So that it does not depend on how busy this machine is. */
static void let_it_read(void)
{
	struct behind *b = capture_now.behind;
	double until = monotonic_seconds() + PATIENCE_S;

	if (!b || !b->may || b->edge < b->from + BEHIND_LEAST + OUT_BLOCK || fault == UNREAD ||
	    fault == UNREAD_ONCE)
		return;
	while (__atomic_load_n(&b->off, __ATOMIC_RELAXED) < b->edge / OUT_BLOCK * OUT_BLOCK &&
	       monotonic_seconds() < until)
		usleep(1000);
}

static bool faulty_write(struct out *o, uint64_t off, const void *buf, size_t len,
			 struct err *e)
{
	static uint8_t changed[2u << 20];

	if (progress.stage != STAGE_COPY)
		return honest_out->write_at(o, off, buf, len, e);
	if (fault == LIES && off <= DAMAGE_OFF && off + len > DAMAGE_OFF &&
	    len <= sizeof(changed)) {
		memcpy(changed, buf, len);
		changed[DAMAGE_OFF - off] ^= 1;
		return honest_out->write_at(o, off, changed, len, e);
	}
	let_it_read();
	if (job.read_back != READ_BACK_MEANWHILE)
		usleep(100000 + 3e6 * (monotonic_seconds() - wrote_s));
	wrote_s = monotonic_seconds();
	if (off > PAUSE_OFF && !has_paused) {
		has_paused = true;
		usleep(1200000);
	}
	return honest_out->write_at(o, off, buf, len, e);
}

/* A page that was right, and is durable, becomes another one before anybody has read it. */
static void change(void)
{
	char path[64];
	uint8_t byte;
	int fd;

	snprintf(path, sizeof(path), "%s/vmcore-incomplete", folder);
	fd = open(at(path), O_RDWR);
	if (fd < 0 || pread(fd, &byte, 1, DAMAGE_OFF) != 1)
		abort();
	byte ^= 1;
	if (pwrite(fd, &byte, 1, DAMAGE_OFF) != 1 || fsync(fd) || close(fd))
		abort();
}

static bool faulty_sync(struct out *o, struct err *e)
{
	bool ok = honest_out->sync(o, e);

	if (fault == CHANGES && has_paused && progress.stage == STAGE_COPY) {
		fault = NOTHING;
		change();
	}
	if (fault == LATE && progress.stage == STAGE_SYNC)
		job.give_up = 1;
	return ok;
}

static bool faulty_reread(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	if (off + len > DAMAGE_OFF &&
	    (fault == UNREAD || (fault == UNREAD_ONCE && progress.stage == STAGE_COPY)))
		return fail(e, EIO, "a bad spot");
	return honest_out->reread(o, off, buf, len, e);
}

static void change_all(struct out_ops *ops)
{
	ops->write_at = faulty_write;
	ops->sync = faulty_sync;
	ops->reread = faulty_reread;
}

static const struct row {
	const char *row;
	enum fault fault;
	bool forced, beside;
	bool ok, verified, early;
} rows[] = {
	{ "as is asked for", NOTHING, true, true, true, true, true },
	{ "a target that is waited for all the time", NOTHING, false, true, true, true, false },
	{ "one that cannot be asked twice at a time", NOTHING, true, false, true, true, false },
	{ "not what was written", LIES, true, true, false, false, true },
	{ "changed behind the edge", CHANGES, true, true, false, false, true },
	{ "could not be read meanwhile", UNREAD_ONCE, true, true, true, true, false },
	{ "cannot be read", UNREAD, true, true, false, false, false },
	{ "no time for the rest", LATE, true, true, true, false, true },
};

static void sum_file(const uint8_t *bytes, size_t len, char hex[SHA256_HEX_LEN])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, len, bytes);
	sha256_digest(&sha, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

/* The sums are of what is there, in one or in two parts. */
static void check_sums(const char *row, const struct totals *t)
{
	static uint8_t bytes[RAM_LEN + (1u << 20)];
	char path[64], sum[SHA256_HEX_LEN];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/vmcore", folder);
	f = fopen(at(path), "r");
	if (!T_CHECK(row, f))
		return;
	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	T_EQUAL(row, t->dump_len, len);
	T_EQUAL(row, t->dump_len, t->reread_len);
	if (!t->reread_early_len) {
		sum_file(bytes, len, sum);
		T_TEXT(row, sum, t->sha256);
		T_CHECK(row, !t->sha256_head[0] && !t->sha256_pages[0]);
		return;
	}
	T_CHECK(row, !t->sha256[0] && t->head_len < len);
	sum_file(bytes, t->head_len, sum);
	T_TEXT(row, sum, t->sha256_head);
	sum_file(bytes + t->head_len, len - t->head_len, sum);
	T_TEXT(row, sum, t->sha256_pages);
}

static void test_row(struct crash *crash, const struct row *row)
{
	struct totals t;
	struct sink s;
	struct err e = { .text = "" };
	struct sink_folder into;
	char path[64];

	snprintf(folder, sizeof(folder), "out-%zu", (size_t)(row - rows));
	into = (struct sink_folder){ NULL, at(folder), &progress.durable };
	if (!sink_dir_open(&s, &into, &e))
		abort();
	T_CHECK("a folder can be asked twice at a time", s.reads_beside);
	make_faulty(&s, change_all);
	s.reads_beside = row->beside;
	fault = row->fault;
	has_paused = false;
	wrote_s = monotonic_seconds();
	job = (struct job){ .level = 0, .codec = codec_named("none"), .workers = 1,
			    .host = "h", .target = "t",
			    .read_back = row->forced ? READ_BACK_MEANWHILE : READ_BACK_AUTO };
	capture_now = (struct capture){ .crash = crash, .sink = &s, .job = &job,
					.progress = &progress, .t = &t };
	capture_begin(&capture_now);
	T_EQUAL(row->row, row->ok, capture_dump(&capture_now, &e));
	T_CHECK("there was a second to read in", has_paused);
	T_CHECK("whoever read is gone", !capture_now.behind);
	T_EQUAL(row->row, row->verified, t.verified);
	T_EQUAL(row->row, row->verified, t.valid);
	T_EQUAL(row->row, row->early, t.reread_early_len >= BEHIND_LEAST);
	if (!row->ok)
		T_EQUAL(row->row, EIO, e.code);
	snprintf(path, sizeof(path), "%s/vmcore%s", folder, row->ok ? "" : "-incomplete");
	T_CHECK(row->row, there(path));
	if (row->verified)
		check_sums(row->row, &t);
	else
		T_CHECK(row->row, !t.sha256[0] && !t.sha256_head[0]);
	s.ops->close(&s);
}

/*
 * Wherever the writer's buffer lies: the last bytes of a dump that is no multiple of 8 long
 * are summed out of it, and it is read into, a block at a time.
 */
static void test_places(struct crash *crash)
{
	size_t mark = arena_mark(&crash->arena);
	struct err e = { .text = "" };
	struct progress ignored = { .done = 0 };
	char command[300];

	for (unsigned i = 0; i < 64; i++) {
		struct sink_folder into = { NULL, at("places"), &ignored.durable };
		struct job plain = { .level = 0, .codec = codec_named("zlib"), .workers = 1,
				     .host = "h", .target = "t" };
		struct totals t;
		struct sink s;
		struct capture c = { .crash = crash, .sink = &s, .job = &plain,
				     .progress = &ignored, .t = &t };
		char row[24];

		snprintf(row, sizeof(row), "64 * %u bytes on", i);
		if (!sink_dir_open(&s, &into, &e) ||
		    (i && !arena_take(&crash->arena, 1, 64 * i, "nothing", &e)))
			abort();
		capture_begin(&c);
		T_CHECK(row, capture_dump(&c, &e) && t.verified);
		T_CHECK("the last word is not whole", t.dump_len % 8);
		s.ops->close(&s);
		arena_release(&crash->arena, mark);
		snprintf(command, sizeof(command), "rm -rf %s", at("places"));
		if (system(command))
			abort();
	}
}

int main(void)
{
	char command[64];
	struct crash crash;
	struct err e;

	if (!mkdtemp(root))
		abort();
	make_core("core", RAM_LEN);
	make_core("small", SMALL_LEN);
	if (!crash_open(&crash, at("core"), NULL, &e)) {
		puts(e.text);
		return 1;
	}
	for (size_t i = 0; i < T_SIZE(rows); i++)
		test_row(&crash, &rows[i]);
	crash_close(&crash);
	if (!crash_open(&crash, at("small"), NULL, &e)) {
		puts(e.text);
		return 1;
	}
	test_places(&crash);
	crash_close(&crash);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
