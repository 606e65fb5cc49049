/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run/init: what PID 1 tries after a child has died, stage by stage. What killed one child
 * is not done again by the next, what is saved already is not saved again, and there is
 * an end to it. The source is built in here, for the function is its own.
 */
#define init_main here_main
#include "../../agent/run/init.c"

#include "t.h"

static const struct {
	const char *row;
	struct attempt a;		/* that died ... */
	struct progress p;		/* ... here */
	bool more;
	struct attempt next;		/* but for earlier, give_up and, if .resume, its text */
} rows[] = {
	{ "loading drivers",
	  { .load_modules = true, .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_START, .module = 3 }, true,
	  { .load_modules = true, .first_module = 4, .want_dmesg = true,
	    .want_dump = true } },
	{ "starting without drivers", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_START }, false, { 0 } },
	{ "opening the core", { .load_modules = true, .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_OPEN }, true,
	  { .distrust = true, .want_dmesg = true, .want_dump = true } },
	{ "opening it without trust",
	  { .distrust = true, .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_OPEN }, false, { 0 } },
	{ "opening it for the second target",
	  { .target = 1, .want_dmesg = true, .want_dump = true }, { .stage = STAGE_OPEN }, true,
	  { .target = 1, .distrust = true, .want_dmesg = true, .want_dump = true } },
	{ "reading the log", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_DMESG, .dmesg_tried = 1, .folder = "/mnt/0/x" }, true,
	  { .want_dmesg = true, .salvage_only = true, .want_dump = true,
	    .resume = "/mnt/0/x" } },
	{ "searching for the log",
	  { .want_dmesg = true, .salvage_only = true, .want_dump = true, .resume = "/mnt/0/x" },
	  { .stage = STAGE_DMESG, .dmesg_tried = 1, .folder = "/mnt/0/x" }, true,
	  { .salvage_only = true, .want_dump = true, .resume = "/mnt/0/x" } },
	{ "reading the log on another target than the last that died searching for it",
	  { .want_dmesg = true, .salvage_only = true, .want_dump = true },
	  { .stage = STAGE_DMESG, .target = 1, .dmesg_tried = 1, .folder = "/mnt/1/x" }, true,
	  { .target = 1, .want_dmesg = true, .salvage_only = true, .want_dump = true,
	    .resume = "/mnt/1/x" } },
	{ "right behind the log", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_DMESG, .dmesg_tried = 1, .dmesg_saved = 1, .folder = "/mnt/0/x" },
	  true,
	  { .salvage_only = true, .want_dump = true, .dmesg_saved = true,
	    .resume = "/mnt/0/x" } },
	{ "choosing pages", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_SCAN, .dmesg_tried = 1, .dmesg_saved = 1, .folder = "/mnt/0/x" },
	  true,
	  { .distrust = true, .want_dump = true, .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "choosing pages without trust",
	  { .distrust = true, .want_dump = true, .dmesg_saved = true, .resume = "/mnt/0/x" },
	  { .stage = STAGE_SCAN, .dmesg_saved = 1, .folder = "/mnt/0/x" }, true,
	  { .distrust = true, .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "copying", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_COPY, .dmesg_tried = 1, .dmesg_saved = 1, .folder = "/mnt/0/x" },
	  true, { .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "copying, with a log that could not be had",
	  { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_COPY, .dmesg_tried = 1, .folder = "/mnt/0/x" }, true,
	  { .resume = "/mnt/0/x" } },
	{ "copying, in an attempt that found the log saved",
	  { .distrust = true, .want_dump = true, .dmesg_saved = true, .resume = "/mnt/0/x" },
	  { .stage = STAGE_COPY, .folder = "/mnt/0/x" }, true,
	  { .distrust = true, .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "syncing", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_SYNC, .dmesg_tried = 1, .dmesg_saved = 1, .folder = "/mnt/0/x" },
	  true, { .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "verifying", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_VERIFY, .dmesg_tried = 1, .dmesg_saved = 1, .folder = "/mnt/0/x" },
	  true, { .dmesg_saved = true, .resume = "/mnt/0/x" } },
	{ "waiting for the target", { .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_TARGET }, true,
	  { .target = 1, .want_dmesg = true, .want_dump = true } },
	{ "waiting for a target that has the log",
	  { .want_dump = true, .dmesg_saved = true, .resume = "/mnt/0/x" },
	  { .stage = STAGE_TARGET, .dmesg_saved = 1 }, true,
	  { .target = 1, .want_dmesg = true, .want_dump = true } },
	{ "waiting for the third, without trust",
	  { .distrust = true, .want_dmesg = true, .want_dump = true },
	  { .stage = STAGE_TARGET, .target = 2 }, true,
	  { .target = 3, .distrust = true, .want_dmesg = true, .want_dump = true } },
	{ "the manifest", { .dmesg_saved = true, .resume = "/mnt/0/x" },
	  { .stage = STAGE_FINISH, .dmesg_saved = 1, .folder = "/mnt/0/x" }, true,
	  { .target = 1, .want_dmesg = true, .want_dump = true } },
	{ "a stage that cannot be", { .want_dmesg = true, .want_dump = true },
	  { .stage = 77 }, true, { .target = 1, .want_dmesg = true, .want_dump = true } },
};

static void test_rows(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const struct attempt *want = &rows[i].next;
		const char *row = rows[i].row;
		struct attempt a = rows[i].a;

		a.give_up = 1234;
		T_EQUAL(row, rows[i].more, next_attempt(&rows[i].p, &a, false, "it died"));
		if (!rows[i].more)
			continue;
		T_EQUAL(row, want->target, a.target);
		T_EQUAL(row, want->load_modules, a.load_modules);
		T_EQUAL(row, want->want_dmesg, a.want_dmesg);
		T_EQUAL(row, want->want_dump, a.want_dump);
		T_EQUAL(row, want->dmesg_saved, a.dmesg_saved);
		T_EQUAL(row, want->distrust, a.distrust);
		/* Only one that is to have the log looks at it. */
		T_CHECK(row, !a.want_dmesg || want->salvage_only == a.salvage_only);
		T_TEXT(row, want->resume, a.resume);
		T_TEXT(row, "it died", a.earlier);
		T_EQUAL(row, 1234, a.give_up);
	}
}

/* One that cannot be killed is stuck on a device, which nobody touches again. */
static void test_hung(void)
{
	static const enum stage stages[] = { STAGE_TARGET, STAGE_DMESG, STAGE_SCAN, STAGE_COPY,
					     STAGE_SYNC, STAGE_VERIFY, STAGE_FINISH };
	struct attempt many = { .want_dump = true };

	for (size_t i = 0; i < T_SIZE(stages); i++) {
		struct attempt a = { .want_dmesg = true, .want_dump = true };
		struct progress p = { .stage = stages[i], .dmesg_saved = 1, .dmesg_tried = 1,
				      .folder = "/mnt/0/x", .device = "/dev/vdb" };
		const char *row = stage_name(stages[i]);

		T_CHECK(row, next_attempt(&p, &a, true, "it hung"));
		T_EQUAL(row, 1, a.target);
		T_CHECK(row, a.want_dmesg && a.want_dump && !a.dmesg_saved);
		T_TEXT(row, "", a.resume);
		T_EQUAL(row, 1, a.hung.n);
		T_TEXT(row, "/dev/vdb", a.hung.names[0]);
		p = (struct progress){ .stage = STAGE_OPEN, .target = 1 };
		T_CHECK(row, next_attempt(&p, &a, false, "it died"));
		T_EQUAL("what hung is not forgotten", 1, a.hung.n);
	}
	for (unsigned i = 0; i < MAX_HUNG + 3; i++) {
		struct progress p = { .stage = STAGE_COPY, .target = i };

		snprintf(p.device, sizeof(p.device), "/dev/vd%c", 'a' + i);
		T_CHECK("many that hang", next_attempt(&p, &many, true, "it hung"));
	}
	T_EQUAL("as many as there is place for", MAX_HUNG, many.hung.n);
	T_TEXT("the first one", "/dev/vda", many.hung.names[0]);
}

/* A child that dies in the same stage for ever: each target is left behind in the end. */
static void test_end(void)
{
	for (int stage = 0; stage < N_STAGES; stage++) {
		struct attempt a = { .load_modules = true, .want_dmesg = true,
				     .want_dump = true };
		struct progress p = { .stage = stage, .folder = "/mnt/0/x" };
		unsigned n = 0;
		bool dump = true;

		while (n < 10 && a.target == 0 && next_attempt(&p, &a, false, "again")) {
			n++;
			/* A dump that was given up on a target is not begun there again. */
			T_CHECK(stage_name(stage), dump || !a.want_dump || a.target);
			dump = a.want_dump;
			/* Children stop before a stage that they have nothing to do in. */
			if (!a.want_dump && stage >= STAGE_SCAN && stage <= STAGE_VERIFY)
				p.stage = STAGE_FINISH;
			if (!a.want_dmesg && stage == STAGE_DMESG)
				p.stage = STAGE_FINISH;
		}
		T_CHECK(stage_name(stage), n <= 3);
	}
}

int main(void)
{
	test_rows();
	test_hung();
	test_end();
	return t_done();
}
