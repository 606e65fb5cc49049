/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/progress: counters become lines, not too often, with per cent, rate and time left. */
#include <string.h>

#include "base/progress.h"
#include "t.h"

#define NOW 5000.0	/* of a clock that goes on only as a test says */

/* A meter that has been in the stage for so many seconds and has shown nothing since. */
static struct meter meter(enum stage stage, double seconds)
{
	return (struct meter){ .stage = stage, .every_s = 1, .stage_began = NOW - seconds,
			       .shown = NOW - seconds, .page_size = 4096 };
}

static const struct {
	const char *row;
	enum stage stage;
	uint64_t done, total;
	double seconds;
	const char *line;
} rows[] = {
	{ "half of a scan", STAGE_SCAN, 131072, 262144, 10,
	  "scan    50%  512.0 MiB of 1.0 GiB, 51.2 MiB/s, 10 s left" },
	{ "a quarter of a copy", STAGE_COPY, 65536, 262144, 4,
	  "copy    25% (0% durable)  256.0 MiB of 1.0 GiB, 64.0 MiB/s, 12 s left" },
	{ "reading back counts bytes", STAGE_VERIFY, 75 << 20, 100 << 20, 1.5,
	  "verify  75%  75.0 MiB of 100.0 MiB, 50.0 MiB/s, 1 s left" },
	{ "the beginning", STAGE_COPY, 0, 262144, 2,
	  "copy     0% (0% durable)  0 B of 1.0 GiB, 0 B/s" },
	{ "the end", STAGE_COPY, 262144, 262144, 8,
	  "copy   100% (0% durable)  1.0 GiB of 1.0 GiB, 128.0 MiB/s" },
	{ "more than there is", STAGE_COPY, 300000, 262144, 8,
	  "copy   100% (0% durable)  1.0 GiB of 1.0 GiB, 128.0 MiB/s" },
	{ "just short of the end", STAGE_SCAN, 262143, 262144, 8.2,
	  "scan    99%  1024.0 MiB of 1.0 GiB, 124.9 MiB/s, 1 s left" },
	{ "a stage without a number", STAGE_TARGET, 0, 0, 7, "waiting for the target, 7 s" },
	{ "the log", STAGE_DMESG, 0, 0, 3, "saving dmesg, 3 s" },
	{ "the disk", STAGE_SYNC, 0, 0, 12, "waiting for the storage, 12 s" },
	{ "2^52 frames", STAGE_SCAN, 1UL << 51, 1UL << 52, 1, "scan    50%  " },
};

static void test_lines(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct meter m = meter(rows[i].stage, rows[i].seconds);
		struct progress p = { .stage = rows[i].stage, .done = rows[i].done,
				      .total = rows[i].total };
		char line[160] = "";

		T_CHECK(rows[i].row, meter_line(&m, &p, NOW, line, sizeof(line)));
		if (strncmp(line, rows[i].line, strlen(rows[i].line)))
			T_TEXT(rows[i].row, rows[i].line, line);
		T_CHECK("not twice in a second",
			!meter_line(&m, &p, NOW + 0.9, line, sizeof(line)));
	}
}

static void test_when(void)
{
	struct meter m = meter(STAGE_SCAN, 100);
	struct progress p = { 0 };
	char line[160] = "nothing", *small = t_guard("12345678", 9);

	p.settled = 77;
	progress_enter(&p, STAGE_COPY, 1000);
	T_EQUAL("nothing of it is durable", 0, progress_get(&p.settled));
	T_EQUAL("a stage begins", 1, progress_get(&p.alive));
	T_CHECK("no line as a stage begins", !meter_line(&m, &p, NOW, line, sizeof(line)));
	T_CHECK("none soon after", !meter_line(&m, &p, NOW + 0.9, line, sizeof(line)));
	T_TEXT("none soon after", "nothing", line);
	progress_set(&p.done, 500);
	progress_set(&p.settled, 400);
	T_CHECK("one when it is time", meter_line(&m, &p, NOW + 1, line, sizeof(line)));
	T_TEXT("the rate is that of this stage",
	       "copy    50% (40% durable)  2.0 MiB of 3.9 MiB, 2.0 MiB/s, 2 s left", line);
	T_CHECK("none right behind it", !meter_line(&m, &p, NOW + 1.9, line, sizeof(line)));
	T_CHECK("a line longer than its place", meter_line(&m, &p, NOW + 2, small, 9));
	T_TEXT("a line longer than its place", "copy    ", small);
	p.stage = 4711;
	T_CHECK("a stage that cannot be", !meter_line(&m, &p, NOW + 9, line, sizeof(line)));
	T_TEXT("a stage that cannot be", "?", stage_name(4711));
	t_unguard(small, 9);
}

static void test_bytes(void)
{
	static const struct { uint64_t n; const char *text; } sizes[] = {
		{ 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" }, { 1536, "1.5 KiB" },
		{ 1UL << 30, "1.0 GiB" }, { 1UL << 50, "1.0 PiB" }, { 1UL << 63, "8192.0 PiB" },
	};
	char text[32];

	for (size_t i = 0; i < T_SIZE(sizes); i++) {
		format_bytes(sizes[i].n, text, sizeof(text));
		T_TEXT("bytes", sizes[i].text, text);
	}
}

int main(void)
{
	test_lines();
	test_when();
	test_bytes();
	return t_done();
}
