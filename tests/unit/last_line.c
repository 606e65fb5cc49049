/* SPDX-License-Identifier: GPL-2.0-or-later */
/* supervise/last_line: what became of the dump and the log, by the fates of the targets. */
#include "base/progress.h"
#include "capture/reporter.h"
#include "config/config.h"
#include "supervise/last_line.h"
#include "supervise/target_state.h"
#include "t.h"
#include "triage/report_line.h"

static struct reported reported = { .id = "c1-5f0c9a1b22e7d3c4" };

/* Two targets; which of them has the dump, 2 none. */
static const struct {
	const char *row;
	unsigned saved_nr;
	bool is_complete, is_verified;
	uint32_t dump[2], log[2];	/* enum saving */
	unsigned n_seen;
	const char *line;
} rows[] = {
	{ "all of it", 0, true, true, { DONE, NOT_TRIED }, { DONE, DONE }, 0,
	  "dump=kept in=\"disk:LABEL=a/web-0\"" },
	{ "by the second, for the third time", 1, true, true, { NOT_DONE, DONE },
	  { DONE, DONE }, 3,
	  "seen=3 dump=kept in=nfs:b:/c/web-1" },
	{ "a part", 0, false, true, { DONE, NOT_TRIED }, { DONE, DONE }, 0,
	  "dump=part in=\"disk:LABEL=a/web-0\"" },
	{ "not read back", 0, true, false, { DONE, NOT_TRIED }, { DONE, DONE }, 0,
	  "dump=doubtful in=\"disk:LABEL=a/web-0\"" },
	{ "enough of its kind", 2, false, false, { WITHHELD, NOT_TRIED }, { DONE, NOT_DONE }, 4,
	  "seen=4 dump=withheld log=\"disk:LABEL=a/web-0\"" },
	{ "the log alone", 2, false, false, { NOT_DONE, NO_ROOM }, { NOT_DONE, DONE }, 0,
	  "dump=none log=nfs:b:/c/web-1" },
	{ "nothing", 2, false, false, { NOT_DONE, NOT_DONE }, { NOT_DONE, NOT_DONE }, 0,
	  "dump=none log=none" },
};

static void test_rows(void)
{
	static struct config config = { .targets = { "disk:LABEL=a", "nfs:b:/c" },
					.n_targets = 2 };

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct fate fates[2] = { { .folder = "/mnt/0/crash/web-0" },
					 { .folder = "web-1" } };
		struct totals totals[2] = { { .complete = false } };
		struct session s = { .config = &config, .fates = fates, .totals = totals,
				     .saved_nr = rows[i].saved_nr, .n_seen = rows[i].n_seen,
				     .host = "web", .reported = &reported };
		char line[REPORT_WIRE], wanted[REPORT_WIRE];

		for (unsigned t = 0; t < 2; t++) {
			fates[t].dump = rows[i].dump[t];
			fates[t].dmesg = rows[i].log[t];
		}
		if (rows[i].saved_nr < 2) {
			totals[rows[i].saved_nr].complete = rows[i].is_complete;
			totals[rows[i].saved_nr].verified = rows[i].is_verified;
		}
		snprintf(wanted, sizeof(wanted), "host=web sig=%s %s", reported.id,
			 rows[i].line);
		last_line(&s, line, sizeof(line));
		T_TEXT(rows[i].row, wanted, line);
		s.reported = NULL;
		snprintf(wanted, sizeof(wanted), "host=web %s", rows[i].line);
		last_line(&s, line, sizeof(line));
		T_TEXT("without a report", wanted, line);
	}
}

int main(void)
{
	test_rows();
	return t_done();
}
