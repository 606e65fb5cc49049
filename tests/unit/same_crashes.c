/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/same_crashes: how many whole dumps of a fault are enough, and that the last one of
 * each fault outlives `keep`.
 */
#include "targets/same_crashes.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "folder.h"
#include "t.h"
#include "targets/earlier_crashes.h"
#include "targets/store.h"
#include "targets/store_dir.h"

#define MAX_FOLDERS 6

/* "A" is a fault, of kernel "k"; what a folder holds, by one word each. */
struct folder {
	const char *name, *what;
};

static void make(const char *parent, const struct folder *f)
{
	char path[300], text[300], signature = 0, kernel = 0;
	const char *state = strchr(f->what, ' ') + 1;

	snprintf(path, sizeof(path), "%s/%s", parent, f->name);
	if (mkdir(at(path), 0700) || sscanf(f->what, "%c%c", &signature, &kernel) != 2)
		abort();
	snprintf(path, sizeof(path), "%s/%s/%s", parent, f->name,
		 strcmp(state, "cut") ? strcmp(state, "log") ? "vmcore" : "vmcore-dmesg.txt" :
		 "vmcore-incomplete");
	put_file(path, "x");
	snprintf(path, sizeof(path), "%s/%s/manifest.json", parent, f->name);
	snprintf(text, sizeof(text), "{ \"signature\": \"c1-%c\", \"signature_sure\": %s, "
		 "\"build_id\": \"%c\", \"verified\": %s, \"complete\": { \"value\": %s } }",
		 signature, strcmp(state, "unsure") ? "true" : "false", kernel,
		 strcmp(state, "doubtful") ? "true" : "false",
		 strcmp(state, "part") ? "true" : "false");
	put_file(path, strcmp(state, "bad") ? text : "{ \"signature\": ");
}

/* The crash is of fault A and kernel k, at 2026-01-04 00:00:00; two dumps are enough. */
static const struct {
	const char *row;
	struct folder folders[MAX_FOLDERS];
	bool enough;
	unsigned n_seen;
} counts[] = {
	{ "the first", { { NULL } }, false, 0 },
	{ "one", { { "web-2026-01-03-23:59:00", "Ak whole" } }, false, 1 },
	{ "two", { { "web-2026-01-03-23:59:00", "Ak whole" },
		   { "web-2025-11-03-23:59:00", "Ak whole" } }, true, 2 },
	{ "of two hosts", { { "web-2026-01-03-23:59:00", "Ak whole" },
			    { "db-2026-01-03-23:59:00", "Ak whole" } }, true, 2 },
	{ "its own one does not count", { { "web-2026-01-03-23:59:00", "Ak whole" },
			    { "web-2026-01-04-00:00:00", "Ak whole" } }, false, 1 },
	{ "of another fault", { { "web-2026-01-03-23:59:00", "Ak whole" },
				{ "web-2026-01-03-23:58:00", "Bk whole" } }, false, 1 },
	{ "of another kernel", { { "web-2026-01-03-23:59:00", "Ak whole" },
				 { "web-2026-01-03-23:58:00", "Al whole" } }, false, 1 },
	{ "that is a log", { { "web-2026-01-03-23:59:00", "Ak whole" },
			     { "web-2026-01-03-23:58:00", "Ak log" } }, false, 2 },
	{ "that was cut", { { "web-2026-01-03-23:59:00", "Ak whole" },
			    { "web-2026-01-03-23:58:00", "Ak cut" } }, false, 2 },
	{ "not read back", { { "web-2026-01-03-23:59:00", "Ak whole" },
			     { "web-2026-01-03-23:58:00", "Ak doubtful" } }, false, 2 },
	{ "not all of it", { { "web-2026-01-03-23:59:00", "Ak whole" },
			     { "web-2026-01-03-23:58:00", "Ak part" } }, false, 2 },
	{ "a fault that is not sure", { { "web-2026-01-03-23:59:00", "Ak whole" },
				       { "web-2026-01-03-23:58:00", "Ak unsure" } }, false, 1 },
	{ "a manifest that is none", { { "web-2026-01-03-23:59:00", "Ak whole" },
				       { "web-2026-01-03-23:58:00", "Ak bad" } }, false, 1 },
	{ "enough among others", { { "web-2026-01-03-23:59:00", "Ak whole" },
				   { "web-2026-01-03-23:58:00", "Bk whole" },
				   { "web-2026-01-03-23:57:00", "Ak log" },
				   { "web-2026-01-03-23:56:00", "Ak whole" } }, true, 3 },
};

static const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 0, 0 };

/* What it answers, but for yes and no. */
struct answer {
	unsigned n_seen;
	char why[240];
};

static bool are_enough(const char *parent, const struct fault_id *fault, unsigned most,
		       struct arena *arena, struct answer *answer)
{
	uint64_t alive = 0;
	struct store store;
	const struct past past = { &store, &id, arena, &alive };
	struct err e;
	bool yes;

	T_CHECK("store", store_dir_open(&store, NULL, at(parent), &e));
	yes = same_crashes_are_enough(&past, fault, most, &answer->n_seen, &e);
	snprintf(answer->why, sizeof(answer->why), "%s", e.text);
	store.ops->close(&store);
	T_EQUAL("memory is given back", 0, arena_mark(arena));
	return yes;
}

static void test_counts(struct arena *arena)
{
	const struct fault_id fault = { "c1-A", "k" };
	struct answer answer;

	for (size_t i = 0; i < T_SIZE(counts); i++) {
		char parent[32];

		snprintf(parent, sizeof(parent), "count%zu", i);
		if (mkdir(at(parent), 0700))
			abort();
		for (unsigned j = 0; j < MAX_FOLDERS && counts[i].folders[j].name; j++)
			make(parent, &counts[i].folders[j]);
		T_EQUAL(counts[i].row, counts[i].enough,
			are_enough(parent, &fault, 2, arena, &answer));
		T_CHECK(counts[i].row, counts[i].enough == !!answer.why[0]);
		T_EQUAL(counts[i].row, counts[i].n_seen, answer.n_seen);
		T_CHECK("off", !are_enough(parent, &fault, 0, arena, &answer));
		T_CHECK("no signature", !are_enough(parent, &(struct fault_id){ "", "k" }, 1,
						    arena, &answer));
		T_CHECK("no build id", !are_enough(parent, &(struct fault_id){ "c1-A", "" }, 1,
						   arena, &answer));
	}
	are_enough("count2", &fault, 2, arena, &answer);
	T_TEXT("the reason", "2 whole dumps of c1-A and this kernel are there already "
	       "(keep_same); only log, report and manifest are kept", answer.why);
}

/* `keep 1`, after the newest of them. */
static const struct {
	struct folder folder;
	bool is_newest;		/* of its kind: it stays anyway */
	bool is_last;		/* whole one of its fault, for all that is known */
} kept[] = {
	{ { "web-2025-12-31-00:00:00", "Dk bad" }, false, true },
	{ { "web-2025-12-31-01:00:00", "Ek unsure" }, false, false },
	{ { "web-2026-01-01-00:00:00", "Ak whole" }, false, false },
	{ { "web-2026-01-01-01:00:00", "Bk whole" }, false, true },
	{ { "web-2026-01-01-02:00:00", "Ck whole" }, false, false },
	{ { "web-2026-01-02-00:00:00", "Ck whole" }, false, true },
	{ { "web-2026-01-02-01:00:00", "Ck doubtful" }, false, false },
	{ { "web-2026-01-03-00:00:00", "Bk cut" }, true, false },
	{ { "web-2026-01-04-00:00:00", "Ak whole" }, true, true },
};

static void test_spared(struct arena *arena, bool spares)
{
	const struct keeping keeping = { 1, spares };
	const char *parent = spares ? "spared" : "kept";
	uint64_t alive = 0;
	struct store store;
	const struct past past = { &store, &id, arena, &alive };
	struct err e;

	if (mkdir(at(parent), 0700))
		abort();
	for (size_t i = 0; i < T_SIZE(kept); i++)
		make(parent, &kept[i].folder);
	T_CHECK("store", store_dir_open(&store, NULL, at(parent), &e));
	earlier_crashes_remove(&past, &keeping, true);
	store.ops->close(&store);
	for (size_t i = 0; i < T_SIZE(kept); i++) {
		char path[300];

		snprintf(path, sizeof(path), "%s/%s", parent, kept[i].folder.name);
		T_EQUAL(kept[i].folder.what,
			kept[i].is_newest || (spares && kept[i].is_last),
			!access(at(path), F_OK));
	}
}

int main(void)
{
	struct arena arena;
	char command[64];
	struct err e;

	if (!mkdtemp(root) || !arena_init(&arena, 1u << 20, &e))
		abort();
	test_counts(&arena);
	test_spared(&arena, true);
	test_spared(&arena, false);
	arena_deinit(&arena);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
