/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run/retry: what is tried after a child has died, stage by stage. What killed one child
 * is not done again by the next, what is saved already is not saved again, and there is
 * an end to it.
 */
#include "run/attempt.h"
#include "run/progress.h"
#include "run/retry.h"
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
	  true, { .distrust = true }, { 0 } },
	{ "opening it without trust", { .distrust = true }, { 0 }, { .stage = STAGE_OPEN },
	  DIED, false, { 0 }, { 0 } },
	{ "opening the target", { 0 }, { 0 }, { .stage = STAGE_TARGET }, DIED, true, { 0 },
	  { .gone = 1, .dump = NOT_DONE } },
	{ "waiting for the target", { 0 }, { 0 }, { .stage = STAGE_TARGET }, STUCK, true,
	  { 0 }, { .gone = 1, .dump = NOT_DONE } },
	{ "waiting for the third, without trust", { .distrust = true }, { 0 },
	  { .stage = STAGE_TARGET, .target = 2 }, STUCK, true, { .distrust = true },
	  { .gone = 1, .dump = NOT_DONE } },
	{ "reading the log", { 0 }, { 0 }, { .stage = STAGE_DMESG }, DIED, true,
	  { .salvage_only = true }, { 0 } },
	{ "searching for the log", { .salvage_only = true }, { 0 }, { .stage = STAGE_DMESG },
	  DIED, true, { .salvage_only = true }, { .dmesg = NOT_DONE } },
	{ "writing the log to a target that takes nothing", { 0 }, { 0 },
	  { .stage = STAGE_DMESG }, STUCK, true, { 0 }, { .gone = 1, .dump = NOT_DONE } },
	{ "choosing pages", { 0 }, { .dmesg = DONE }, { .stage = STAGE_SCAN }, DIED, true,
	  { .distrust = true }, { .dmesg = DONE } },
	{ "choosing pages without trust", { .distrust = true }, { .dmesg = DONE },
	  { .stage = STAGE_SCAN }, DIED, true, { .distrust = true },
	  { .dmesg = DONE, .dump = NOT_DONE } },
	{ "writing bitmaps to a target that froze", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_SCAN }, STUCK, true, { 0 },
	  { .gone = 1, .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying", { 0 }, { .dmesg = DONE }, { .stage = STAGE_COPY }, DIED, true, { 0 },
	  { .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying to a target that froze", { 0 }, { .dmesg = DONE },
	  { .stage = STAGE_COPY }, HUNG, true, { 0 },
	  { .gone = 1, .dmesg = DONE, .dump = NOT_DONE } },
	{ "copying, with a log that could not be had", { 0 }, { .dmesg = NOT_DONE },
	  { .stage = STAGE_COPY }, DIED, true, { 0 },
	  { .dmesg = NOT_DONE, .dump = NOT_DONE } },
	{ "syncing", { 0 }, { .dmesg = DONE }, { .stage = STAGE_SYNC }, DIED, true, { 0 },
	  { .dmesg = DONE, .dump = NOT_DONE } },
	{ "verifying", { 0 }, { .dmesg = DONE }, { .stage = STAGE_VERIFY }, DIED, true, { 0 },
	  { .dmesg = DONE, .dump = NOT_DONE } },
	{ "the manifest", { 0 }, { .dmesg = DONE, .dump = NOT_DONE, .why = "full" },
	  { .stage = STAGE_FINISH }, DIED, true, { 0 },
	  { .told = 1, .dmesg = DONE, .dump = NOT_DONE, .why = "full" } },
	{ "a stage that cannot be", { 0 }, { 0 }, { .stage = 77 }, DIED, true, { 0 },
	  { .gone = 1, .dump = NOT_DONE } },
	{ "a target that cannot be", { 0 }, { 0 }, { .stage = STAGE_COPY, .target = N }, DIED,
	  false, { 0 }, { 0 } },
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
		T_EQUAL(row, rows[i].more, retry_next(&rows[i].p, &a, fates, N,
						      rows[i].ending, "it died"));
		T_EQUAL(row, after->gone, f->gone);
		T_EQUAL(row, after->told, f->told);
		T_EQUAL(row, after->dmesg, f->dmesg);
		T_EQUAL(row, after->dump, f->dump);
		lost = after->dump == NOT_DONE && rows[i].f.dump != NOT_DONE;
		T_TEXT(row, lost ? "it died" : after->why, f->why);
		for (unsigned other = 0; other < N; other++)
			T_CHECK(row, &fates[other] == f || !fates[other].gone);
		if (!rows[i].more)
			continue;
		T_EQUAL(row, want->load_modules, a.load_modules);
		T_EQUAL(row, want->first_module, a.first_module);
		T_EQUAL(row, want->distrust, a.distrust);
		T_EQUAL(row, want->salvage_only, a.salvage_only);
		T_TEXT(row, "it died", a.earlier);
		T_EQUAL(row, 1234, a.give_up);
	}
}

/* Whoever is waited for in vain is not touched again, not even for a look at its label. */
static void test_hung(void)
{
	static const enum ending endings[] = { STUCK, HUNG };
	struct attempt many = { 0 };

	for (size_t i = 0; i < 2 * (STAGE_FINISH - STAGE_TARGET); i++) {
		enum stage stage = STAGE_TARGET + i / 2;
		struct attempt a = { 0 };
		struct fate fates[N] = { { .dmesg = DONE } };
		struct progress p = { .stage = stage, .device = "/dev/vdb" };
		const char *row = stage_name(stage);

		T_CHECK(row, retry_next(&p, &a, fates, N, endings[i % 2], "it hung"));
		T_EQUAL(row, 1, fates[0].gone);
		T_EQUAL("what is there stays there", DONE, fates[0].dmesg);
		T_EQUAL(row, 1, a.hung.n);
		T_TEXT(row, "/dev/vdb", a.hung.names[0]);
		p = (struct progress){ .stage = STAGE_OPEN, .target = 1 };
		T_CHECK(row, retry_next(&p, &a, fates, N, DIED, "it died"));
		T_EQUAL("what hung is not forgotten", 1, a.hung.n);
	}
	for (unsigned i = 0; i < MAX_HUNG + 3; i++) {
		struct progress p = { .stage = STAGE_COPY };
		struct fate fates[N] = { 0 };

		snprintf(p.device, sizeof(p.device), "/dev/vd%c", 'a' + i);
		T_CHECK("many that hang", retry_next(&p, &many, fates, N, HUNG, "it hung"));
	}
	T_EQUAL("as many as there is place for", MAX_HUNG, many.hung.n);
	T_TEXT("the first one", "/dev/vda", many.hung.names[0]);
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
		unsigned n = 0;

		/* The module that kills is found, and then the next. */
		while (n < 10 && retry_next(&p, &a, fates, N, ending, "again")) {
			n++;
			if (stage == STAGE_START && n == 3)
				break;
			p.module++;
			while (p.target < N && (fates[p.target].gone || fates[p.target].told))
				p.target++;
			/* Children skip what is settled. */
			if (fates[p.target].dmesg && p.stage == STAGE_DMESG)
				p.stage = STAGE_FINISH;
			if (fates[p.target].dump && p.stage >= STAGE_SCAN)
				p.stage = STAGE_FINISH;
		}
		T_CHECK(stage_name(stage), n <= 2 * N + 1);
		T_CHECK(stage_name(stage), !retry_has_dump(fates, N));
	}
}

int main(void)
{
	struct fate fates[N] = { { .dump = NOT_DONE }, { .dump = DONE } };

	T_CHECK("one has it", retry_has_dump(fates, N));
	T_CHECK("none has it", !retry_has_dump(fates, 1));
	T_CHECK("a dump is what was wanted", retry_is_saved(fates, N));
	T_CHECK("there is none", !retry_is_saved(fates, 1));
	fates[0].dump = WITHHELD;
	T_CHECK("withheld, and no log either", !retry_is_saved(fates, 1));
	fates[0].dmesg = DONE;
	T_CHECK("withheld, the log is there", retry_is_saved(fates, 1));
	T_CHECK("withheld is no dump", !retry_has_dump(fates, 1));
	test_rows();
	test_hung();
	test_end();
	return t_done();
}
