/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/store with store_dir, folder_name, retention: which folders are crashes of ours,
 * and of old ones the right ones go, and nothing else does.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "folder.h"
#include "t.h"
#include "targets/earlier_crashes.h"
#include "targets/folder_name.h"
#include "targets/retention.h"
#include "targets/store.h"
#include "targets/store_dir.h"

static void make(const char *name)
{
	if (mkdir(at(name), 0700))
		abort();
}

/* ---- names ------------------------------------------------------------------ */

static const struct {
	const char *name;
	bool ours;
	unsigned host_len;
	int64_t when;
} names[] = {
	{ "web-2026-01-04-00:00:00", true, 3, 1767484800 },
	{ "web-2026-01-04-00:00:00-1", true, 3, 1767484800 },
	{ "web-1-2026-01-04-00:00:00", true, 5, 1767484800 },
	{ "w-1970-01-01-00:00:00-99", true, 1, 0 },
	{ "127.0.0.1-2024-02-29-23:59:59", true, 9, 1709251199 },
	{ "h-9999-12-31-23:59:59", true, 1, 253402300799 },
	{ "-2026-01-04-00:00:00", false, 0, 0 },
	{ "2026-01-04-00:00:00", false, 0, 0 },
	{ ".web-2026-01-04-00:00:00", false, 0, 0 },
	{ "web-2026-02-31-00:00:00", false, 0, 0 },
	{ "web-2026-13-01-00:00:00", false, 0, 0 },
	{ "web-2026-01-04-24:00:00", false, 0, 0 },
	{ "web-2026-01-04-00:00:60", false, 0, 0 },
	{ "web-2026-01-04-00:00:00-", false, 0, 0 },
	{ "web-2026-01-04-00:00:00-1a", false, 0, 0 },
	{ "web-2026-01-04-00:00:00.old", false, 0, 0 },
	{ "web-2026-1-4-0:0:0", false, 0, 0 },
	{ "web-2026-01-04-00-00-00", false, 0, 0 },
	{ "w\033[2J-2026-01-04-00:00:00", false, 0, 0 },
	{ "w b-2026-01-04-00:00:00", false, 0, 0 },
	{ "w\xc3\xa9-2026-01-04-00:00:00", false, 0, 0 },
	{ "123", false, 0, 0 },
	{ "-", false, 0, 0 },
	{ "", false, 0, 0 },
};

static void test_names(void)
{
	static const char id[] = "0123456789abcdef0123456789abcdef";
	static const char long_own[] = "a-name-of-more-than-twenty-characters";
	char name[FOLDER_NAME_MAX], host[FOLDER_HOST_MAX], long_host[200];
	size_t len;
	int64_t when;

	for (size_t i = 0; i < T_SIZE(names); i++) {
		len = when = 0;
		T_EQUAL(names[i].name, names[i].ours, folder_name_parse(names[i].name, &len,
									&when));
		if (!names[i].ours)
			continue;
		T_EQUAL(names[i].name, names[i].host_len, len);
		T_EQUAL(names[i].name, names[i].when, when);
	}
	folder_name_host(&(struct folder_host){ "", ".we b/1\n\xff", "" }, "", host);
	T_TEXT("a host's name that would lead elsewhere", "_we_b_1__", host);
	folder_name_host(&(struct folder_host){ "db", "web", "" }, "-test", host);
	T_TEXT("the name that is configured", "db-test", host);
	folder_name_host(&(struct folder_host){ "", "", "" }, "", host);
	T_TEXT("no name at all", "unknown", host);
	folder_name_host(&(struct folder_host){ "%H-%m", "web", id }, "-test", host);
	T_TEXT("one of many clones", "web-0123456789ab-test", host);
	folder_name_host(&(struct folder_host){ "%m", "web", "" }, "", host);
	T_TEXT("a clone that does not know its id", "unknown", host);
	folder_name_host(&(struct folder_host){ "a%", "web", "" }, "", host);
	T_TEXT("a % without a letter", "a%", host);
	folder_name_host(&(struct folder_host){ "%H%H%H%H", long_own, id }, "", host);
	T_EQUAL("many long names are cut", FOLDER_HOST_MAX - 1, strlen(host));
	folder_name("web", 1767484800, name);
	T_TEXT("a name", "web-2026-01-04-00:00:00", name);
	memset(long_host, 'h', sizeof(long_host) - 1);
	long_host[sizeof(long_host) - 1] = '\0';
	folder_name(long_host, INT64_MAX, name);
	T_CHECK("a time that cannot be is no time", !folder_name_parse(name, &len, &when));
	folder_name(long_host, 1767484800, name);
	T_CHECK("a host's name that is too long", folder_name_parse(name, &len, &when));
}

/* ---- keep ------------------------------------------------------------------- */

/* Folders of a disk before, and whether they are there after keep dumps are kept. */
#define MAX_FOLDERS 8
static const struct {
	const char *row;
	unsigned keep, gone;
	/* d with a vmcore, l a log only, p a part only, f a vmcore and a foreign file,
	 * o another tool's: a vmcore and no manifest */
	struct { const char *what; bool stays; } folders[MAX_FOLDERS];
} prunes[] = {
	{ "the newest two of four", 2, 2, {
		{ "d web-2026-01-01-00:00:00", false },
		{ "d web-2026-01-02-00:00:00", false },
		{ "d web-2026-01-03-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "only one", 1, 1, {
		{ "d web-2025-12-31-23:59:59", false },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "fewer than may stay", 5, 0, {
		{ "d web-2026-01-03-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "the newest by name is not the newest", 1, 1, {
		{ "d web-2099-01-01-00:00:00", false },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "a clock that was ahead makes nothing new", 2, 1, {
		{ "d web-2099-01-01-00:00:00", false },
		{ "d web-2026-01-03-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "logs are no dumps", 2, 0, {
		{ "l web-2026-01-01-00:00:00", true },
		{ "l web-2026-01-02-00:00:00", true },
		{ "p web-2026-01-02-12:00:00", true },
		{ "d web-2026-01-03-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "another host's", 1, 1, {
		{ "d web1-2026-01-01-00:00:00", true },
		{ "d we-2026-01-01-00:00:00", true },
		{ "d web-1-2026-01-01-00:00:00", true },
		{ "d WEB-2026-01-01-00:00:00", true },
		{ "d web-2026-01-01-00:00:00", false },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "names of somebody else", 1, 0, {
		{ "d web-backup", true },
		{ "d web-2026-01-01", true },
		{ "d web-2026-01-01-00:00:00.old", true },
		{ "d web-2026-01-01-00:00:00-", true },
		{ "d web-2026-01-01-00:00:00-1a", true },
		{ "d xweb-2026-01-01-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "two of one second", 2, 1, {
		{ "d web-2026-01-01-00:00:00", false },
		{ "d web-2026-01-01-00:00:00-1", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "dumps that were cut are counted by themselves", 1, 2, {
		{ "p web-2026-01-01-00:00:00", false },
		{ "d web-2026-01-02-00:00:00", false },
		{ "p web-2026-01-03-00:00:00", true },
		{ "l web-2026-01-03-12:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "not a day of any month", 1, 0, {
		{ "d web-2026-02-30-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "another tool's neither go nor push out ours", 2, 1, {
		{ "o web-2026-01-01-00:00:00", true },
		{ "d web-2026-01-01-12:00:00", false },
		{ "d web-2026-01-02-00:00:00", true },
		{ "o web-2026-01-03-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
	{ "one with a foreign file in it", 1, 1, {
		{ "d web-2026-01-01-00:00:00", false },
		{ "f web-2026-01-02-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
};

static void make_folder(const char *parent, const char *what)
{
	char name[200], file[250];
	const char *files[] = { "vmcore-dmesg.txt", *what == 'o' ? "README" : "manifest.json",
				"kexec-dmesg.log",
				*what == 'p' ? "vmcore-incomplete" : "vmcore", "notes.txt" };
	unsigned n = *what == 'l' ? 3 : *what == 'f' ? 5 : 4;

	snprintf(name, sizeof(name), "%s/%s", parent, what + 2);
	if (mkdir(at(name), 0700))
		abort();
	for (unsigned i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", name, files[i]);
		put_file(file, "x");
	}
}

/* How many of a row's folders are gone, each as it should be. */
static unsigned check_prune(size_t i, const char *parent)
{
	const char *row = prunes[i].row;
	unsigned n_gone = 0;
	char name[200];

	for (unsigned j = 0; j < MAX_FOLDERS && prunes[i].folders[j].what; j++) {
		const char *what = prunes[i].folders[j].what;

		snprintf(name, sizeof(name), "%s/%s", parent, what + 2);
		n_gone += !there(name);
		if (!T_EQUAL(row, prunes[i].folders[j].stays, there(name)))
			printf("%s\n", name);
		if (*what == 'f') {
			strcat(name, "/notes.txt");
			T_CHECK(row, there(name));
		} else if (prunes[i].folders[j].stays) {
			strcat(name, "/vmcore-dmesg.txt");
			T_CHECK(row, there(name));
		}
	}
	return n_gone;
}

static void prune(const char *parent, const struct crash_id *id, unsigned keep,
		  bool is_whole, struct arena *arena, uint64_t *alive)
{
	struct store store;
	const struct past past = { &store, id, arena, alive };
	const struct keeping keeping = { .keep = keep };
	struct err e;

	T_CHECK("store", store_dir_open(&store, NULL, at(parent), &e));
	earlier_crashes_remove(&past, &keeping, is_whole);
	store.ops->close(&store);
}

static void test_keep(struct arena *arena)
{
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 0, 0 };

	for (size_t i = 0; i < T_SIZE(prunes); i++) {
		char parent[32], name[200];
		uint64_t alive = 0;

		snprintf(parent, sizeof(parent), "prune%zu", i);
		make(parent);
		for (unsigned j = 0; j < MAX_FOLDERS && prunes[i].folders[j].what; j++)
			make_folder(parent, prunes[i].folders[j].what);
		snprintf(name, sizeof(name), "%s/web-2026-01-01-11:11:11", parent);
		put_file(name, "a file with a name like ours");
		prune(parent, &id, prunes[i].keep, true, arena, &alive);
		T_CHECK(prunes[i].row, alive >= prunes[i].gone);
		T_CHECK(prunes[i].row, there(name));
		T_EQUAL(prunes[i].row, prunes[i].gone, check_prune(i, parent));
	}
}

/* After a log only, dumps stay whatever `keep` says, and the oldest logs go. */
static void test_keep_logs(struct arena *arena)
{
	const struct crash_id id = { "web", 1767484800, "web-2026-01-04-00:00:00", 0, 0 };
	uint64_t alive = 0;
	unsigned n = 0;
	char what[64];

	make("logs");
	make_folder("logs", "d web-2025-01-01-00:00:00");
	make_folder("logs", "d web-2025-01-02-00:00:00");
	make_folder("logs", "p web-2025-01-03-00:00:00");
	for (int i = 0; i < RETAIN_LOGS + 4; i++) {
		snprintf(what, sizeof(what), "l web-2026-01-03-00:%02d:%02d", i / 60, i % 60);
		make_folder("logs", what);
	}
	make_folder("logs", "l web-2026-01-04-00:00:00");
	prune("logs", &id, 1, false, arena, &alive);
	T_CHECK("an old dump", there("logs/web-2025-01-01-00:00:00/vmcore"));
	T_CHECK("an old dump", there("logs/web-2025-01-02-00:00:00/vmcore"));
	T_CHECK("an old dump", there("logs/web-2025-01-03-00:00:00/vmcore-incomplete"));
	T_CHECK("our own log", there("logs/web-2026-01-04-00:00:00"));
	for (int i = 0; i < RETAIN_LOGS + 4; i++) {
		snprintf(what, sizeof(what), "logs/web-2026-01-03-00:%02d:%02d", i / 60,
			 i % 60);
		n += there(what);
		T_EQUAL("the oldest logs go", i >= 5, there(what));
	}
	T_EQUAL("so many logs stay, with our own", RETAIN_LOGS - 1, n);
}

/* What was named by a clock that was wrong stands where its boot says. */
static void test_order(void)
{
	static const struct {
		const char *row;
		int64_t now;
		struct { const char *name; unsigned boot; } in[5];	/* by their names */
		const char *out;	/* boots */
	} orders[] = {
		{ "clocks that go", 1767484800, { { "w-2026-01-01-00:00:00", 4 },
		  { "w-2026-01-02-00:00:00", 3 } }, "4 3 " },
		{ "one of 1970", 1767484800, { { "w-1970-01-01-00:00:09", 3 },
		  { "w-2026-01-01-00:00:00", 2 }, { "w-2026-01-02-00:00:00", 4 } }, "2 3 4 " },
		{ "the newest of 1970", 1767484800, { { "w-1970-01-01-00:00:09", 6 },
		  { "w-1970-01-01-00:00:10", 5 }, { "w-2026-01-01-00:00:00", 2 } }, "2 5 6 " },
		{ "one that is ahead", 1767484800, { { "w-2026-01-01-00:00:00", 2 },
		  { "w-2026-01-02-00:00:00", 4 }, { "w-2099-01-02-00:00:00", 3 } }, "2 3 4 " },
		{ "ahead, and nobody knows when", 1767484800, { { "w-2026-01-01-00:00:00", 2 },
		  { "w-2099-01-02-00:00:00", 0 } }, "0 2 " },
		{ "now is 1970", 9, { { "w-1970-01-01-00:00:09", 7 },
		  { "w-2026-01-01-00:00:00", 2 }, { "w-2026-01-02-00:00:00", 4 } }, "2 4 7 " },
		{ "another host's boots", 1767484800, { { "v-1970-01-01-00:00:09", 6 },
		  { "w-2026-01-01-00:00:00", 2 } }, "6 2 " },
	};

	for (size_t i = 0; i < T_SIZE(orders); i++) {
		struct store_entry entries[5] = { 0 };
		struct store_entries all = { .at = entries };
		char out[40] = "";

		for (unsigned n; (n = all.n) < 5 && orders[i].in[n].name; all.n++) {
			struct store_entry *entry = &entries[n];

			strcpy(entry->name, orders[i].in[n].name);
			folder_name_parse(entry->name, &entry->host_len, &entry->when);
			entry->boot = orders[i].in[n].boot;
		}
		T_EQUAL(orders[i].row, i > 0, retention_needs_boots(&all, orders[i].now));
		retention_order(&all, orders[i].now);
		for (unsigned j = 0; j < all.n; j++)
			sprintf(out + strlen(out), "%u ", (unsigned)entries[j].boot);
		T_TEXT(orders[i].row, orders[i].out, out);
	}
}

/* ---- lists ------------------------------------------------------------------ */

static void test_list(void)
{
	struct store_entry entries[4], one;
	struct store_entries all = { entries, 4, 0, &(uint64_t){ 0 } };
	struct store s;
	struct err e;

	make("list");
	make_folder("list", "d web-2026-01-02-00:00:00");
	make_folder("list", "l db-2026-01-03-00:00:00");
	make_folder("list", "p web-2026-01-01-00:00:00");
	make("list/web-2026-01-04-00:00:00");
	make("list/lost+found");
	if (symlink("web-2026-01-02-00:00:00", at("list/web-2026-01-05-00:00:00")))
		abort();
	T_CHECK("open", store_dir_open(&s, NULL, at("list"), &e));
	T_CHECK("list", store_list(&s, NULL, &all, &e));
	T_EQUAL("a link is no crash", 4, all.n);
	T_TEXT("the oldest first", "web-2026-01-01-00:00:00", entries[0].name);
	T_EQUAL("a part", STORE_CUT, entries[0].kind);
	T_EQUAL("a dump", STORE_WHOLE, entries[1].kind);
	T_EQUAL("bytes of our files", 4, entries[1].len);
	T_EQUAL("a log", STORE_LOG, entries[2].kind);
	T_CHECK("a log", entries[2].has_log && entries[2].has_manifest);
	T_EQUAL("an empty folder is not ours", STORE_OTHER, entries[3].kind);

	all.max = 2;
	T_CHECK("more than there is room for", store_list(&s, NULL, &all, &e));
	T_EQUAL("the newest are taken", 2, all.n);
	T_TEXT("the newest are taken", "db-2026-01-03-00:00:00", entries[0].name);
	T_TEXT("the newest are taken", "web-2026-01-04-00:00:00", entries[1].name);

	T_CHECK("one of ours", store_look(&s, "web-2026-01-02-00:00:00", &one, &e));
	T_CHECK("a link", !store_look(&s, "web-2026-01-05-00:00:00", &one, &e));
	T_CHECK("an empty folder", !store_look(&s, "web-2026-01-04-00:00:00", &one, &e));
	T_CHECK("a path", !store_look(&s, "../web-2026-01-02-00:00:00", &one, &e));
	s.until = 1;
	T_CHECK("no time", !store_list(&s, NULL, &all, &e));
	T_EQUAL("no time", ETIMEDOUT, e.code);
	s.ops->close(&s);
	T_CHECK("no folder", !store_dir_open(&s, NULL, at("nowhere"), &e));
}

int main(void)
{
	struct arena arena;
	char command[64];
	struct err e;

	if (!mkdtemp(root) || !arena_init(&arena, 1u << 20, &e))
		abort();
	test_names();
	test_keep(&arena);
	test_keep_logs(&arena);
	test_order();
	test_list();
	arena_deinit(&arena);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
