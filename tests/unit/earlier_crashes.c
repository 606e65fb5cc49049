/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/crashloop and targets/earlier_crashes: how many crashes lie close together, which of
 * them count, and when that is a reason for not writing another dump.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "folder.h"
#include "t.h"
#include "targets/crashloop.h"
#include "targets/earlier_crashes.h"
#include "targets/store.h"
#include "targets/store_dir.h"

static void make(const char *name)
{
	if (mkdir(at(name), 0700))
		abort();
}

static void put_in(const char *folder, const char *file, const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	put_file(path, text);
}

static const struct {
	const char *text;
	unsigned n, window_s;	/* n 999: a mistake */
	const char *back;
} loops[] = {
	{ "3 in 15m", 3, 900, "3 in 15m" },
	{ "3 in  900", 3, 900, "3 in 15m" },
	{ "5/2h", 5, 7200, "5 in 2h" },
	{ "1/90", 1, 90, "1 in 90s" },
	{ "off", 0, 0, "off" },
	{ "0 in 15m", 999, 0, "" }, { "3", 999, 0, "" }, { "3 15m", 999, 0, "" },
	{ "3 in", 999, 0, "" }, { "3 in ", 999, 0, "" }, { "3/", 999, 0, "" },
	{ "/15m", 999, 0, "" }, { "3 in 59", 999, 0, "" }, { "101/15m", 999, 0, "" },
	{ "3 in 15m more", 999, 0, "" }, { "3 inside 15m", 999, 0, "" }, { "Off", 999, 0, "" },
	{ "00000000000000345 in 15m", 999, 0, "" },
};

static void test_loop_words(void)
{
	for (size_t i = 0; i < T_SIZE(loops); i++) {
		struct crash_loop loop = { 77, 77 };
		char text[CRASH_LOOP_TEXT];
		struct err e;
		bool ok = crash_loop_parse(&loop, loops[i].text, &e);

		T_EQUAL(loops[i].text, loops[i].n != 999, ok);
		T_EQUAL(loops[i].text, ok ? loops[i].n : 77, loop.n);
		T_EQUAL(loops[i].text, ok ? loops[i].window_s : 77, loop.window_s);
		if (ok) {
			crash_loop_format(&loop, text);
			T_TEXT(loops[i].text, loops[i].back, text);
		}
	}
}

/* The crash is at 2026-01-04 00:00:00 in web-2026-01-04-00:00:00; three in 15 minutes. */
static const struct {
	const char *row;
	const char *folders[6];
	unsigned n;		/* of the rule, 0: off */
	bool is_loop;
} pasts[] = {
	{ "the first", { "web-2026-01-04-00:00:00" }, 3, false },
	{ "the third", { "web-2026-01-03-23:59:00", "web-2026-01-03-23:58:00" }, 3, false },
	{ "the fourth", { "web-2026-01-03-23:59:00", "web-2026-01-03-23:58:00",
			  "web-2026-01-03-23:57:00", "web-2026-01-04-00:00:00" }, 3, true },
	{ "just within", { "web-2026-01-03-23:45:00", "web-2026-01-03-23:45:00-1",
			   "web-2026-01-03-23:45:00-2" }, 3, true },
	{ "one too old", { "web-2026-01-03-23:59:00", "web-2026-01-03-23:58:00",
			   "web-2026-01-03-23:44:59" }, 3, false },
	{ "a clock that was set back a little", { "web-2026-01-04-00:05:00",
			   "web-2026-01-04-00:07:00", "web-2026-01-04-00:09:00" }, 3, true },
	{ "a clock that was a year ahead", { "web-2027-01-04-00:00:00",
			   "web-2027-01-04-00:01:00", "web-2027-01-04-00:02:00" }, 3, false },
	{ "all in one second", { "web-2026-01-04-00:00:00-1", "web-2026-01-04-00:00:00-2",
			   "web-2026-01-04-00:00:00-3", "web-2026-01-04-00:00:00" }, 3, true },
	{ "other machines'", { "web1-2026-01-03-23:59:00", "we-2026-01-03-23:58:00",
			   "web-2026-01-03-23:57:00", "WEB-2026-01-03-23:56:00" }, 3, false },
	{ "odd names", { "web-2026-01-03-23:59:99", "web-2026-01-03-23:58", "web-23:57:00",
			   "web-2026-01-03-23:56:00.old" }, 1, false },
	{ "off", { "web-2026-01-03-23:59:00", "web-2026-01-03-23:58:00",
		   "web-2026-01-03-23:57:00" }, 0, false },
	{ "one is enough", { "web-2026-01-03-23:59:00" }, 1, true },
};

static bool withheld(const char *folder, const struct crash_id *id,
		     const struct crash_loop *loop, struct arena *arena, char text[240])
{
	uint64_t alive = 0;
	struct store store;
	const struct past past = { &store, id, arena, &alive };
	struct err e;
	bool yes;

	if (!store_dir_open(&store, NULL, folder, &e))
		return false;
	yes = earlier_crashes_are_loop(&past, loop, &e);
	T_CHECK("a sign of life", !text || !loop->n || alive);
	if (text)
		snprintf(text, 240, "%s", e.text);
	store.ops->close(&store);
	return yes;
}

/* Only a dump that is there is a reason not to write another. */
static void test_left(struct arena *arena)
{
	static const struct { const char *row, *file, *text; bool is_loop; } left[] = {
		{ "a log", "vmcore-dmesg.txt", "x", false },
		{ "a dump that was cut", "vmcore-incomplete", "x", false },
		{ "an empty dump", "vmcore", "", false },
		{ "a dump", "vmcore", "x", true },
	};
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 0, 0 };
	const struct crash_loop one = { 1, 900 };

	make("left");
	make("left/web-2026-01-03-23:59:00");
	for (size_t i = 0; i < T_SIZE(left); i++) {
		put_in("left/web-2026-01-03-23:59:00", left[i].file, left[i].text);
		T_EQUAL(left[i].row, left[i].is_loop,
			withheld(at("left"), &id, &one, arena, NULL));
	}
	/* Nobody but root, or whose disk it is, can have crashed. */
	if (geteuid())
		return;
	T_CHECK("chown", !chown(at("left/web-2026-01-03-23:59:00"), 12345, 0));
	T_CHECK("a user's", !withheld(at("left"), &id, &one, arena, NULL));
	T_CHECK("chown", !chown(at("left"), 12345, 0));
	T_CHECK("the owner's", withheld(at("left"), &id, &one, arena, NULL));
}

static void test_loops(struct arena *arena)
{
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 0, 0 };
	char why[240] = "";

	for (size_t i = 0; i < T_SIZE(pasts); i++) {
		const struct crash_loop loop = { pasts[i].n, 900 };
		char parent[32], name[200];

		snprintf(parent, sizeof(parent), "loop%zu", i);
		make(parent);
		for (unsigned j = 0; j < 6 && pasts[i].folders[j]; j++) {
			snprintf(name, sizeof(name), "%s/%s", parent, pasts[i].folders[j]);
			make(name);
			if (!j)
				put_in(name, "vmcore", "x");
		}
		/* A file is no crash. */
		snprintf(name, sizeof(name), "%s/web-2026-01-03-23:55:55", parent);
		put_file(name, "a file with a name like ours");
		T_EQUAL(pasts[i].row, pasts[i].is_loop,
			withheld(at(parent), &id, &loop, arena, why));
	}
	T_TEXT("the reason", "crash loop: 1 crash within 15m; only the log is kept", why);
	T_CHECK("what cannot be listed is no loop",
		!withheld(at("nowhere"), &id, &(struct crash_loop){ 1, 900 }, arena, NULL));
}

/* The same, with three crashes before it by the clock, and what kernels were up for. */
static const struct {
	const char *row;
	unsigned up[3], own;	/* seconds, by the manifests, and this one; 0: not known */
	bool is_loop;
	unsigned boots[3], boot;	/* likewise */
} lives[] = {
	{ "all short", { 60, 60, 60 }, 60, true, { 0 }, 0 },
	{ "by the clock a loop, but this one was up for days", { 60, 60, 60 }, 259200, false,
	  { 0 }, 0 },
	{ "up for days before each", { 259200, 259100, 259300 }, 259200, false, { 0 }, 0 },
	{ "up for days before each but this one", { 259200, 259100, 259300 }, 60, false,
	  { 0 }, 0 },
	{ "a long one before the first of them", { 60, 60, 259200 }, 60, true, { 0 }, 0 },
	{ "a clock that starts anew has no order", { 259200, 60, 60 }, 60, true, { 0 }, 0 },
	{ "exactly the time", { 300, 301, 300 }, 300, true, { 0 }, 0 },
	{ "a second more", { 301, 300, 301 }, 300, false, { 0 }, 0 },
	{ "who does not tell counts as short", { 0, 259200, 0 }, 0, true, { 0 }, 0 },
	{ "one after the other", { 9, 9, 9 }, 9, true, { 7, 6, 5 }, 8 },
	{ "in any order", { 9, 9, 9 }, 9, true, { 6, 7, 5 }, 8 },
	{ "a boot without a crash just before", { 9, 9, 9 }, 9, false, { 6, 5, 4 }, 8 },
	{ "a boot without a crash in between", { 9, 9, 9 }, 9, false, { 7, 5, 4 }, 8 },
	{ "months apart", { 9, 9, 9 }, 9, false, { 100, 50, 2 }, 180 },
	{ "some do not tell", { 9, 9, 9 }, 9, true, { 7, 0, 0 }, 8 },
	{ "this one does not tell", { 9, 9, 9 }, 9, true, { 7, 5, 3 }, 0 },
	{ "the same number again, as it could not be written", { 9, 9, 9 }, 9, true,
	  { 8, 8, 8 }, 8 },
	{ "another count", { 9, 9, 9 }, 9, true, { 900, 901, 902 }, 1 },
	{ "consecutive, with a long life", { 9, 259200, 259200 }, 9, false, { 7, 6, 5 }, 8 },
};

static void test_lives(struct arena *arena)
{
	const struct crash_loop loop = { 3, 900 };

	for (size_t i = 0; i < T_SIZE(lives); i++) {
		const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00",
					     lives[i].own, lives[i].boot };
		char parent[32], name[80], text[80];

		snprintf(parent, sizeof(parent), "lives%zu", i);
		make(parent);
		for (unsigned j = 0; j < 3; j++) {
			snprintf(name, sizeof(name), "%s/web-2026-01-03-23:5%u:00", parent, j);
			make(name);
			put_in(name, "vmcore", "x");
			snprintf(text, sizeof(text), "{ \"uptime_seconds\": %u, \"boot\": %u }",
				 lives[i].up[j], lives[i].boots[j]);
			strcat(name, "/manifest.json");
			put_file(name, lives[i].up[j] ? text : "{ \"uptime_seconds\": null }");
		}
		T_EQUAL(lives[i].row, lives[i].is_loop,
			withheld(at(parent), &id, &loop, arena, NULL));
		T_EQUAL(lives[i].row, 0, arena_mark(arena));
	}
}

/* A crash of a boot in a folder, which has that file. */
static void put_life(const char *folder, const char *file, unsigned boot)
{
	char name[120], text[80];

	if (!there(folder))
		make(folder);
	put_in(folder, file, "x");
	snprintf(name, sizeof(name), "%s/manifest.json", folder);
	snprintf(text, sizeof(text), "{ \"uptime_seconds\": 9, \"boot\": %u }", boot);
	put_file(name, text);
}

/* A dump from before a boot that ended well is not one of the loop's. */
static void test_before(struct arena *arena)
{
	static const struct {
		const char *name, *file;
		unsigned boot;
		bool is_loop;
	} folders[] = {
		{ "web-2026-01-03-23:55:00", "vmcore", 10, false },
		{ "web-2026-01-03-23:57:00", "vmcore-dmesg.txt", 12, false },
		{ "web-2026-01-03-23:58:00", "vmcore-dmesg.txt", 13, false },
		{ "web-2026-01-03-23:59:00", "vmcore-dmesg.txt", 14, false },
		{ "web-2026-01-03-23:59:00", "vmcore", 14, true },
	};
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 9, 15 };
	const struct crash_loop loop = { 3, 900 };

	make("before");
	for (size_t i = 0; i < T_SIZE(folders); i++) {
		char name[100];

		snprintf(name, sizeof(name), "before/%s", folders[i].name);
		put_life(name, folders[i].file, folders[i].boot);
		T_EQUAL(name, folders[i].is_loop,
			withheld(at("before"), &id, &loop, arena, NULL));
	}
}

/* A disk that is two targets has two folders of each crash, with the number of one boot. */
static void test_twice(struct arena *arena)
{
	static const struct { const char *name; unsigned boot; } folders[] = {
		{ "web-2026-01-03-23:57:00", 5 }, { "web-2026-01-03-23:57:00-1", 5 },
		{ "web-2026-01-03-23:58:00", 6 }, { "web-2026-01-03-23:58:00-1", 6 },
		{ "web-2026-01-04-00:00:00-1", 8 },	/* this one's, on the other */
		{ "web-2026-01-03-23:59:00", 7 },	/* the third before this one */
	};
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 9, 8 };
	const struct crash_loop loop = { 3, 900 };

	make("twice");
	for (size_t i = 0; i < T_SIZE(folders); i++) {
		char name[100];

		snprintf(name, sizeof(name), "twice/%s", folders[i].name);
		put_life(name, "vmcore", folders[i].boot);
		T_EQUAL(name, i == T_SIZE(folders) - 1,
			withheld(at("twice"), &id, &loop, arena, NULL));
	}
}

int main(void)
{
	struct arena arena;
	char command[64];
	struct err e;

	if (!mkdtemp(root) || !arena_init(&arena, 1u << 20, &e))
		abort();
	test_loop_words();
	test_loops(&arena);
	test_left(&arena);
	test_lives(&arena);
	test_before(&arena);
	test_twice(&arena);
	arena_deinit(&arena);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
