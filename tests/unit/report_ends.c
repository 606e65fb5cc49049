/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture/reporter: the report of CORE, whose maker dies at one read of memory after another,
 * has what was read before, and says where it ended: report_ends CORE STEPS, which
 * tests/golden/report-ends.sh calls.
 */
#include "capture/reporter.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/crash.h"
#include "base/io.h"
#include "t.h"
#include "triage/report_make.h"

/* Memory that kills who reads it, at one of its reads. */
struct deadly {
	struct physmem pm;	/* first, so that it is one */
	struct physmem *source;
	unsigned long n_left;
};

static bool read_deadly(struct physmem *pm, paddr_t paddr, void *buf, size_t len, struct err *e)
{
	struct deadly *d = (struct deadly *)pm;

	if (!d->n_left--)
		raise(SIGKILL);
	return physmem_read(d->source, paddr, buf, len, e);
}

/* Reads until it is made, where nobody dies. */
static unsigned long n_reads_of(const char *core)
{
	struct deadly d = { .pm = { .read = read_deadly }, .n_left = ~0ul };
	struct report_want want;
	struct bounds bounds;
	static struct report r;
	uint64_t alive = 0;
	struct crash crash;
	struct err e;

	if (!crash_open(&crash, core, NULL, &e))
		abort();
	d.source = crash.kernel.space.pm;
	crash.kernel.space.pm = &d.pm;
	bounds = (struct bounds){ .until = monotonic_seconds() + 60,
				  .mem_len = crash.arena.len, .alive = &alive };
	want = (struct report_want){ .kernel = &crash.kernel, .arena = &crash.arena,
				     .bounds = &bounds, .notes = crash.core.notes,
				     .notes_len = crash.core.notes_len };
	if (!report_begin(&r, &want, &e))
		abort();
	report_read_memory(&r);
	crash_close(&crash);
	return ~0ul - d.n_left;
}

/* The report of which the maker dies at that read; its text begins and ends as it should. */
static void die_at(const char *core, unsigned long n, bool is_whole)
{
	const struct reporter_wish wish = { .known_file = "" };
	struct deadly d = { .pm = { .read = read_deadly }, .n_left = n };
	const struct reported *got;
	struct reporter reporter;
	struct crash crash;
	uint64_t alive = 0;
	char row[40], *more;
	struct err e;

	snprintf(row, sizeof(row), "killed at read %lu", n);
	if (!crash_open(&crash, core, NULL, &e))
		abort();
	d.source = crash.kernel.space.pm;
	crash.kernel.space.pm = &d.pm;
	reporter_start(&reporter, &crash, &wish);
	got = reporter_wait(&reporter, &alive);
	if (got) {
		more = memmem(got->text, got->text_len, "\nMORE", 5);
		T_CHECK(row, more && !memcmp(got->text, "FINDING\n", 8));
		T_EQUAL(row, is_whole, !strstr(got->missing, "report ended here: signal 9"));
		T_EQUAL(row, is_whole, !strstr(got->missing, "rest: the report ends early"));
		T_EQUAL(row, is_whole, !more || !strstr(more, "ended here: signal 9"));
		T_EQUAL(row, is_whole, !strstr(got->json, "\"rest\""));
		printf("%lu %s %s\n", n, got->section, got->level);
	}
	T_EQUAL(row, !is_whole, reporter.end[0] != '\0');
	munmap(reporter.shared, N_REPORTED * sizeof(*reporter.shared));
	crash_close(&crash);
}

int main(int argc, char **argv)
{
	unsigned long n, n_steps = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (!n_steps)
		return 0;
	n = n_reads_of(argv[1]);
	for (unsigned long i = 0; i < n_steps; i++)
		die_at(argv[1], n * i / n_steps, false);
	die_at(argv[1], 2 * n, true);
	return t_done();
}
