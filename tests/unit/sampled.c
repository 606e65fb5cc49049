/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump of which a sample is read back: what is in front of the pages, its end and what lies
 * in between here and there, no more; what is told of it; and that damage where it is read,
 * and nowhere else, is seen.
 */
#include <errno.h>

#include "base/err.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/job.h"
#include "core_file.h"
#include "dump/codec.h"
#include "dump/spread.h"
#include "faulty_sink.h"
#include "folder.h"
#include "t.h"
#include "targets/sink.h"
#include "targets/sink_dir.h"

#define RAM_LEN (100u << 20)
#define SMALL_LEN (60u << 20)
#define PIECES(n) ((n) * (uint64_t)SPREAD_PIECE)
#define NOWHERE UINT64_MAX

static uint64_t damage_off;

/* The storage keeps something else than it was given. */
static bool faulty_reread(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	if (!honest_out->reread(o, off, buf, len, e))
		return false;
	if (off <= damage_off && damage_off - off < len)
		((uint8_t *)buf)[damage_off - off] ^= 1;
	return true;
}

static void change(struct out_ops *ops)
{
	ops->reread = faulty_reread;
}

static bool save(struct crash *crash, enum read_back how, struct totals *t, struct err *e)
{
	struct progress progress = { .done = 0 };
	struct sink_folder into = { NULL, at("out"), &progress.durable };
	struct job job = { .level = 0, .codec = codec_named("none"), .workers = 1, .host = "h",
			   .target = "t", .read_back = how };
	struct sink s;
	struct capture c = { .crash = crash, .sink = &s, .job = &job, .progress = &progress,
			     .t = t };
	char command[300];
	bool ok;

	if (!sink_dir_open(&s, &into, e))
		abort();
	make_faulty(&s, change);
	capture_begin(&c);
	ok = capture_dump(&c, e);
	T_CHECK("its name", there(ok ? "out/vmcore" : "out/vmcore-incomplete"));
	s.ops->close(&s);
	snprintf(command, sizeof(command), "rm -rf %s", at("out"));
	if (system(command))
		abort();
	return ok;
}

static const struct row {
	const char *row;
	uint64_t damage_off;
	bool ok;
} rows[] = {
	{ "as it was written", NOWHERE, true },
	{ "the header", 3, false },
	{ "the descriptors", 60000, false },
	{ "the first piece", 700000, false },
	{ "a piece of the sample", PIECES(100) + 17, false },
	{ "the piece before it, which nobody looks at", PIECES(99) + 17, true },
	{ "the last piece of the sample but one", RAM_LEN, false },
	{ "the end", RAM_LEN + 600000, false },
};

static void test_large(struct crash *crash)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct totals t = { .n_written = 0 };
		struct err e = { .text = "" };

		damage_off = row->damage_off;
		T_EQUAL(row->row, row->ok, save(crash, READ_BACK_SAMPLE, &t, &e));
		T_EQUAL(row->row, row->ok, t.sampled);
		T_CHECK("a sample is not all", !t.verified && !t.valid && !t.sha256[0]);
		T_CHECK("no more is read", t.reread_len < RAM_LEN * 6 / 10);
		T_EQUAL("why", 1, t.n_reasons);
		if (row->ok)
			T_CHECK("it is told", strstr(t.reasons[0], "only a sample was read"));
		else
			T_EQUAL(row->row, EIO, e.code);
		if (row->ok)
			T_CHECK("and enough", t.reread_len > RAM_LEN * 5 / 10);
	}
}

static void test_small(struct crash *crash)
{
	struct totals t = { .n_written = 0 };
	struct err e = { .text = "" };

	damage_off = NOWHERE;
	T_CHECK("what is short is read whole", save(crash, READ_BACK_SAMPLE, &t, &e));
	T_CHECK("so it is valid", t.verified && t.valid && !t.sampled && t.sha256[0]);
	damage_off = PIECES(99) + 17;
	T_CHECK("damage is seen", !save(crash, READ_BACK_SAMPLE, &t, &e) && !t.verified);
}

int main(void)
{
	void (*const tests[])(struct crash *) = { test_large, test_small };
	struct crash crash;
	char command[300];
	struct err e;

	if (!mkdtemp(root))
		abort();
	for (unsigned i = 0; i < T_SIZE(tests); i++) {
		make_core("core", i ? SMALL_LEN : RAM_LEN);
		if (!crash_open(&crash, at("core"), NULL, &e)) {
			puts(e.text);
			return 1;
		}
		tests[i](&crash);
		crash_close(&crash);
	}
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
