/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise/retry: what is tried after a child has died, stage by stage, and what another round
 * tries again. What killed one child is not done again by the next, what is saved already
 * is not saved again, and there is an end to it.
 */
#include "base/progress.h"
#include "supervise/attempt.h"
#include "supervise/retry.h"
#include "t.h"

#define N 3	/* targets */

static const struct {
	const char *row;
	struct attempt a;		/* that ended ... */
	struct fate f;			/* with this of the target it was at */
	struct progress p;		/* ... here */
	enum ending ending;
	bool more;
	struct attempt next;
	struct fate after;
} rows[] = {
	{ "loading drivers", { .load_modules = true }, { 0 },
	  { .stage = STAGE_START, .module = 3 }, DIED, true,
	  { .load_modules = true, .first_module = 4 }, { 0 } },
	{ "hung on a driver", { .load_modules = true }, { 0 },
	  { .stage = STAGE_START, .module = 3 }, HUNG, true,
	  { .load_modules = true, .first_module = 4 }, { 0 } },
	{ "starting without drivers", { 0 }, { 0 }, { .stage = STAGE_START }, DIED, false,
	  { 0 }, { 0 } },
	{ "opening the core", { .load_modules = true }, { 0 }, { .stage = STAGE_OPEN }, DIED,
	  true, { .without = ONCE_MORE_OPEN }, { 0 } },
	{ "opening it once more", { .without = ONCE_MORE_OPEN }, { 0 },
	  { .stage = STAGE_OPEN }, DIED, true,
	  { .without = ONCE_MORE_OPEN | WITHOUT_TRUST }, { 0 } },
	{ "waiting for the core", { 0 }, { 0 }, { .stage = STAGE_OPEN }, STUCK,
	  true, { .without = WITHOUT_TRUST }, { 0 } },
	{ "opening it without trust", { .without = ONCE_MORE_OPEN | WITHOUT_TRUST }, { 0 },
	  { .stage = STAGE_OPEN }, DIED, false, { 0 }, { 0 } },
	{ "opening the target", { 0 }, { 0 }, { .stage = STAGE_TARGET }, DIED, true, { 0 },
	  { .rests = 1, .dump = NOT_DONE } },
	{ "waiting for the target", { 0 }, { 0 }, { .stage = STAGE_TARGET }, STUCK, true,
	  { 0 }, { .rests = 1, .dump = NOT_DONE } },
	{ "hung in the target", { 0 }, { 0 }, { .stage = STAGE_TARGET }, HUNG, true,
	  { 0 }, { .gone = 1, .dump = NOT_DONE } },
	{ "waiting for the third, without trust", { .without = WITHOUT_TRUST }, { 0 },
	  { .stage = STAGE_TARGET, .target = 2 }, STUCK, true, { .without = WITHOUT_TRUST },
	  { .rests = 1, .dump = NOT_DONE } },
	{ "counting old dumps", { 0 }, { .dmesg = DONE }, { .stage = STAGE_PAST }, DIED, true,
	  { .without = WITHOUT_PAST }, { .dmesg = DONE } },
	{ "counting old dumps for ever", { 0 }, { .dmesg = DONE }, { .stage = STAGE_PAST },
	  STUCK, true, { .without = WITHOUT_PAST }, { .dmesg = DONE } },
	{ "removing old dumps", { 0 }, { .dmesg = DONE, .dump = DONE },
	  { .stage = STAGE_PAST }, DIED, true, { .without = WITHOUT_PAST },
	  { .dmesg = DONE, .dump = DONE } },
	{ "reading the log", { 0 }, { 0 }, { .stage = STAGE_DMESG }, DIED, true,
	  { .without = ONCE_MORE_DMESG }, { 0 } },
	{ "reading it once more", { .without = ONCE_MORE_DMESG }, { 0 },
	  { .stage = STAGE_DMESG }, DIED, true,
	  { .without = ONCE_MORE_DMESG | WITHOUT_TABLES }, { 0 } },
	{ "searching for the log", { .without = ONCE_MORE_DMESG | WITHOUT_TABLES }, { 0 },
	  { .stage = STAGE_DMESG }, DIED, true,
	  { .without = ONCE_MORE_DMESG | WITHOUT_TABLES },
	  { .dmesg = NOT_DONE } },
	{ "the manifest right behind the log", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_DMESG }, DIED, true, { 0 }, { .dmesg = DONE } },
	{ "writing the log to a target that takes nothing", { 0 }, { 0 },
	  { .stage = STAGE_DMESG }, STUCK, true, { 0 }, { .rests = 1, .dump = NOT_DONE } },
	{ "choosing pages", { 0 }, { .dmesg = DONE }, { .stage = STAGE_SCAN }, DIED, true,
	  { .without = WITHOUT_LISTS }, { .dmesg = DONE } },
	{ "choosing pages without lists", { .without = WITHOUT_LISTS }, { .dmesg = DONE },
	  { .stage = STAGE_SCAN }, DIED, true,
	  { .without = WITHOUT_LISTS | WITHOUT_TRUST }, { .dmesg = DONE } },
	{ "choosing pages without trust", { .without = WITHOUT_LISTS | WITHOUT_TRUST },
	  { .dmesg = DONE }, { .stage = STAGE_SCAN }, DIED, true,
	  { .without = WITHOUT_LISTS | WITHOUT_TRUST }, { .dmesg = DONE, .dump = NOT_DONE } },
	{ "choosing pages for longer than the target has", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_SCAN }, OVERDUE, true, { 0 }, { .dmesg = DONE, .dump = NOT_DONE } },
	{ "writing bitmaps to a target that froze", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_SCAN }, STUCK, true, { 0 },
	  { .rests = 1, .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying", { 0 }, { .dmesg = DONE }, { .stage = STAGE_COPY }, DIED, true,
	  { .without = WITHOUT_WORKERS }, { .dmesg = DONE } },
	{ "copying with one worker", { .without = WITHOUT_WORKERS }, { .dmesg = DONE },
	  { .stage = STAGE_COPY }, DIED, true, { .without = WITHOUT_WORKERS },
	  { .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying for longer than the target has", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_COPY }, OVERDUE, true, { 0 }, { .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying to a target that froze", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_COPY }, HUNG, true, { 0 },
	  { .gone = 1, .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying, with a log that could not be had", { .without = WITHOUT_WORKERS },
	  { .dmesg = NOT_DONE }, { .stage = STAGE_COPY }, DIED, true,
	  { .without = WITHOUT_WORKERS }, { .dmesg = NOT_DONE, .dump = NOT_DONE } },
	{ "syncing", { 0 }, { .dmesg = DONE }, { .stage = STAGE_SYNC }, DIED, true,
	  { .without = WITHOUT_WORKERS }, { .dmesg = DONE } },
	{ "verifying", { 0 }, { .dmesg = DONE }, { .stage = STAGE_VERIFY }, DIED, true,
	  { .without = WITHOUT_WORKERS }, { .dmesg = DONE } },
	{ "the manifest", { 0 }, { .dmesg = DONE, .dump = DONE }, { .stage = STAGE_FINISH },
	  DIED, true, { .without = WITHOUT_EXTRAS }, { .dmesg = DONE, .dump = DONE } },
	{ "the manifest alone", { .without = WITHOUT_EXTRAS },
	  { .dmesg = DONE, .dump = NOT_DONE, .why = "full" }, { .stage = STAGE_FINISH }, DIED,
	  true, { .without = WITHOUT_EXTRAS },
	  { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .why = "full" } },
	{ "unmounting for ever, behind a dump", { 0 }, { .dmesg = DONE, .dump = DONE },
	  { .stage = STAGE_FINISH }, STUCK, true, { 0 },
	  { .rests = 1, .dmesg = DONE, .dump = DONE } },
	{ "a stage that cannot be", { 0 }, { 0 }, { .stage = 77 }, DIED, true, { 0 },
	  { .rests = 1, .dump = NOT_DONE } },
	{ "a target that cannot be", { .without = WITHOUT_WORKERS }, { 0 },
	  { .stage = STAGE_COPY, .target = N }, DIED, false, { 0 }, { 0 } },
};

static void test_rows(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct attempt *want = &rows[i].next;
		const struct fate *after = &rows[i].after;
		struct fate fates[N + 1] = { 0 }, *f = &fates[rows[i].p.target];
		const char *row = rows[i].row;
		struct attempt a = rows[i].a;
		bool lost;

		*f = rows[i].f;
		a.give_up = 1234;
		T_EQUAL(row, rows[i].more,
			retry_next(&rows[i].p, &a, (struct fated){ fates, N },
				   rows[i].ending, "it died"));
		T_EQUAL(row, after->gone, f->gone);
		T_EQUAL(row, after->rests, f->rests);
		T_EQUAL(row, after->told, f->told);
		T_EQUAL(row, after->dmesg, f->dmesg);
		T_EQUAL(row, after->dump, f->dump);
		lost = after->dump == NOT_DONE && rows[i].f.dump != NOT_DONE;
		T_TEXT(row, lost ? "it died" : after->why, f->why);
		for (unsigned other = 0; other < N; other++)
			T_CHECK(row, &fates[other] == f ||
				     (!fates[other].gone && !fates[other].rests));
		if (!rows[i].more)
			continue;
		T_EQUAL(row, want->load_modules, a.load_modules);
		T_EQUAL(row, want->first_module, a.first_module);
		T_EQUAL(row, want->without, a.without);
		T_TEXT(row, "it died", a.earlier);
		T_EQUAL(row, 1234, a.give_up);
	}
}

/*
 * Whoever is waited for in vain is not touched again, not even for a look at its label: in
 * this round, or never where it holds a process.
 */
static void test_hung(void)
{
	static const enum ending endings[] = { STUCK, HUNG };
	struct attempt many = { 0 };

	for (size_t i = 0; i < 2 * (STAGE_FINISH - STAGE_DMESG); i++) {
		enum stage stage = STAGE_DMESG + i / 2;
		enum ending ending = endings[i % 2];
		struct attempt a = { 0 };
		struct fate fates[N] = { { .dmesg = DONE } };
		struct fated all = { fates, N };
		struct progress p = { .stage = stage, .device = "/dev/vdb" };
		const char *row = stage_name(stage);

		if (stage == STAGE_DMESG)
			fates[0].dmesg = NOT_TRIED;
		T_CHECK(row, retry_next(&p, &a, all, ending, "it hung"));
		T_EQUAL(row, ending == HUNG, fates[0].gone);
		T_EQUAL(row, ending == STUCK, fates[0].rests);
		T_EQUAL(row, 1, a.hung.n);
		T_TEXT(row, "/dev/vdb", a.hung.names[0]);
		p = (struct progress){ .stage = STAGE_OPEN, .target = 1 };
		T_CHECK(row, retry_next(&p, &a, all, DIED, "it died"));
		T_EQUAL("what hung is not forgotten", 1, a.hung.n);
		T_CHECK(row, retry_round(&a, all, 1000) > 0);
		T_EQUAL("but for what could be killed", ending == HUNG, a.hung.n);
	}
	for (unsigned i = 0; i < MAX_HUNG + 3; i++) {
		struct progress p = { .stage = STAGE_COPY };
		struct fate fates[N] = { 0 };

		snprintf(p.device, sizeof(p.device), "/dev/vd%c", 'a' + i);
		T_CHECK("many that hang", retry_next(&p, &many, (struct fated){ fates, N },
						     i ? HUNG : STUCK, "it hung"));
	}
	T_EQUAL("as many as there is place for", MAX_HUNG, many.hung.n);
	T_TEXT("the first one that cannot be killed", "/dev/vdb", many.hung.names[0]);
	T_TEXT("in the place of one that could", "/dev/vde", many.hung.names[3]);
}

/* ---- rounds ----------------------------------------------------------------- */

static const struct {
	const char *row;
	struct fate f;		/* of the one target, after a round */
	double left_s;
	bool more;
	struct fate after;
} rounds[] = {
	{ "it could not be opened", { .rests = 1 }, 100, true, { 0 } },
	{ "it died", { .rests = 1, .dump = NOT_DONE }, 100, true, { 0 } },
	{ "it was told so", { .told = 1, .dmesg = DONE, .dump = NOT_DONE }, 100, true,
	  { .dmesg = DONE } },
	{ "no log", { .told = 1, .dmesg = NOT_DONE, .dump = WITHHELD, .n_log_tries = 2 }, 100,
	  true, { .dump = WITHHELD } },
	{ "there is no log", { .told = 1, .dmesg = NOT_DONE, .has_no_log = 1,
			       .dump = WITHHELD }, 100, false, { 0 } },
	{ "a process hangs on it", { .gone = 1, .dump = NOT_DONE }, 100, false, { 0 } },
	{ "it is full", { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .n_full = 2 }, 100,
	  false, { 0 } },
	{ "it was full once", { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .n_full = 1 }, 100,
	  true, { .dmesg = DONE, .n_full = 1 } },
	{ "full, and without a log", { .told = 1, .dmesg = NOT_DONE, .dump = NOT_DONE,
				       .n_full = 2 }, 100, true,
	  { .dump = NOT_DONE, .n_full = 2 } },
	{ "a part would be overwritten by a smaller one",
	  { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .dump_s = 120 }, 100, false, { 0 } },
	{ "time for all of it", { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .dump_s = 50 },
	  100, true, { .dmesg = DONE, .dump_s = 50 } },
	{ "no time at all", { .rests = 1 }, 1, false, { 0 } },
};

static void test_rounds(void)
{
	for (size_t i = 0; i < T_SIZE(rounds); i++) {
		struct attempt a = { .without = WITHOUT_LISTS, .first_module = 3 };
		struct fate f = rounds[i].f;
		const struct fate *after = &rounds[i].after;
		const char *row = rounds[i].row;

		T_EQUAL(row, rounds[i].more,
			retry_round(&a, (struct fated){ &f, 1 }, rounds[i].left_s) > 0);
		if (!rounds[i].more)
			continue;
		T_EQUAL(row, 0, memcmp(after, &f, sizeof(f)));
		T_EQUAL(row, 1, a.round);
		T_CHECK("drivers are loaded again", a.load_modules);
		T_EQUAL("but for those that kill", 3, a.first_module);
	}
}

/* The dump is saved: what lacks log or manifest is asked again, once. */
static void test_rest(void)
{
	static const struct { const char *row; struct fate other; bool more; } others[] = {
		{ "no log", { .rests = 1 }, true },
		{ "a log that failed", { .told = 1, .dmesg = NOT_DONE }, true },
		{ "there is none", { .told = 1, .dmesg = NOT_DONE, .has_no_log = 1 }, false },
		{ "no manifest", { .told = 1, .dmesg = DONE, .no_manifest = 1 }, true },
		{ "a process hangs on it", { .gone = 1 }, false },
		{ "it stood still at its manifest", { .rests = 1, .dmesg = DONE }, true },
		{ "all is there", { .told = 1, .dmesg = DONE }, false },
	};

	for (size_t i = 0; i < T_SIZE(others); i++) {
		struct fate fates[2] = { { .told = 1, .dump = DONE, .dmesg = DONE },
					 others[i].other };
		struct attempt a = { 0 };
		const struct fated all = { fates, 2 };

		T_EQUAL(others[i].row, others[i].more, retry_round(&a, all, 100) > 0);
		T_EQUAL("the dump stays", DONE, fates[0].dump);
		T_EQUAL(others[i].row, !others[i].more && !fates[1].gone, fates[1].told);
		T_CHECK("once", retry_round(&a, all, 100) < 0);
	}
}

/* One that never comes: as many rounds as there are, each after a longer pause, and an end. */
static void test_pauses(void)
{
	struct attempt a = { 0 };
	struct fate f = { 0 };
	int last = 0, sum = 0, pause;

	for (;;) {
		f.rests = 1;
		pause = retry_round(&a, (struct fated){ &f, 1 }, 3600 - sum);
		if (pause < 0)
			break;
		T_CHECK("pauses grow", pause > last);
		T_CHECK("there is no end to it", sum < 600);
		last = pause;
		sum += pause;
	}
	T_CHECK("again and again", a.round >= 5 && sum >= 60);
	T_EQUAL("nothing is left out for a target that is away", 0, a.without);
}

/* Dumps that fail, of whatever: each round with less. */
static void test_less(void)
{
	struct attempt a = { 0 };
	unsigned last = 0;

	for (unsigned i = 0; i < 3; i++) {
		struct fate f = { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .dump_s = 3 };

		T_CHECK("another", retry_round(&a, (struct fated){ &f, 1 }, 3600) > 0);
		T_CHECK("with less", (a.without & last) == last && a.without != last);
		T_EQUAL("first with one worker", WITHOUT_WORKERS, a.without & WITHOUT_WORKERS);
		last = a.without;
	}
	T_EQUAL("all that costs little", WITHOUT_LITTLE, a.without);
}

/* A child that dies in the same stage for ever: no target is held on to for long. */
static void test_end(void)
{
	for (int i = 0; i < 2 * N_STAGES; i++) {
		enum ending ending = i % 2 ? DIED : HUNG;
		int stage = i / 2;
		struct attempt a = { .load_modules = true };
		struct progress p = { .stage = stage };
		struct fate fates[N] = { 0 };
		struct fated all = { fates, N };
		unsigned n = 0;

		/* The module that kills is found, and then the next. */
		while (n < 20 && retry_next(&p, &a, all, ending, "again")) {
			n++;
			if (stage == STAGE_START && n == 3)
				break;
			p.module++;
			while (p.target < N && (fates[p.target].gone || fates[p.target].told ||
						fates[p.target].rests))
				p.target++;
			/* Children skip what is settled. */
			if (fates[p.target].dmesg && p.stage == STAGE_DMESG)
				p.stage = STAGE_FINISH;
			if (fates[p.target].dump && p.stage >= STAGE_SCAN)
				p.stage = STAGE_FINISH;
		}
		T_CHECK(stage_name(stage), n <= 3 * N + 2);
		T_CHECK(stage_name(stage), !retry_has_dump(all));
	}
}

int main(void)
{
	struct fate fates[N] = { { .dump = NOT_DONE }, { .dump = DONE } };
	struct fated first = { fates, 1 }, all = { fates, N };

	T_CHECK("one has it", retry_has_dump(all));
	T_CHECK("none has it", !retry_has_dump(first));
	T_CHECK("a dump is what was wanted", retry_is_saved(all));
	T_CHECK("there is none", !retry_is_saved(first));
	fates[0].dump = WITHHELD;
	T_CHECK("withheld, and no log either", !retry_is_saved(first));
	fates[0].dmesg = DONE;
	T_CHECK("withheld, the log is there", retry_is_saved(first));
	T_CHECK("withheld is no dump", !retry_has_dump(first));
	test_rows();
	test_hung();
	test_rounds();
	test_rest();
	test_pauses();
	test_less();
	test_end();
	return t_done();
}
