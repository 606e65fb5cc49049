/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sink/sink_dir in a folder of its own: a file gets its name when it is durable and of
 * the right length, never before; links are not followed; of old dumps the oldest go, and
 * nothing else does.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "sink/sink.h"
#include "sink/sink_dir.h"
#include "t.h"

static char root[] = "/tmp/unit-sink_dir-XXXXXX";
static uint64_t durable;

/* ROOT/name, good until the fourth call from here. */
static const char *at(const char *name)
{
	static char paths[4][300];
	static unsigned n;
	char *path = paths[n++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static bool there(const char *name)
{
	struct stat st;

	return !lstat(at(name), &st);
}

static void put_file(const char *name, const char *text)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	close(fd);
}

static const char *text_of(const char *name)
{
	static char text[100];
	int fd = open(at(name), O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return n < 0 ? NULL : text;
}

static unsigned mode_of(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) ? 0 : st.st_mode & 07777;
}

static void open_sink(struct sink *s, const char *name)
{
	struct err e;

	if (!sink_dir_open(s, at(name), &durable, &e)) {
		printf("%s\n", e.text);
		abort();
	}
}

static void test_part_names(void)
{
	static const struct { const char *name, *part; } rows[] = {
		{ "vmcore", "vmcore-incomplete" },
		{ "vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt" },
		{ "manifest.json", "manifest-incomplete.json" },
		{ "kexec-dmesg.log", "kexec-dmesg-incomplete.log" },
	};
	char part[SINK_NAME_MAX];

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		sink_part_name(rows[i].name, part);
		T_TEXT(rows[i].name, rows[i].part, part);
	}
}

static void test_commit(void)
{
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "a/b/commit");
	T_EQUAL("a folder is its owner's alone", 0700, mode_of("a/b/commit"));
	T_CHECK("create", s.ops->create(&s, "vmcore", &f, &e));
	T_CHECK("write", f.out.ops->write_at(&f.out, 5, "world", 5, &e));
	T_CHECK("write", f.out.ops->write_at(&f.out, 0, "hello", 5, &e));
	T_CHECK("under its part name", there("a/b/commit/vmcore-incomplete"));
	T_CHECK("not yet under its own", !there("a/b/commit/vmcore"));
	T_EQUAL("a file is its owner's alone", 0600, mode_of("a/b/commit/vmcore-incomplete"));
	durable = 0;
	T_CHECK("commit", s.ops->commit(&f, &e));
	T_EQUAL("what is on the disk is counted", 10, durable);
	T_CHECK("no part any more", !there("a/b/commit/vmcore-incomplete"));
	T_TEXT("whole", "helloworld", text_of("a/b/commit/vmcore"));

	T_CHECK("one that is there is not replaced", !s.ops->create(&s, "vmcore", &f, &e));
	T_EQUAL("one that is there is not replaced", EEXIST, e.code);
	T_TEXT("one that is there is not touched", "helloworld", text_of("a/b/commit/vmcore"));

	T_CHECK("left, to be kept", s.ops->create(&s, "x", &f, &e));
	s.ops->abandon(&f, true);
	T_CHECK("left, to be kept", there("a/b/commit/x-incomplete"));
	T_CHECK("a part of an earlier attempt goes", s.ops->create(&s, "x", &f, &e));
	s.ops->abandon(&f, false);
	T_CHECK("left, not to be kept", !there("a/b/commit/x-incomplete"));
	T_CHECK("sink_put", sink_put(&s, "manifest.json", "{}\n", 3, &e));
	T_TEXT("sink_put", "{}\n", text_of("a/b/commit/manifest.json"));
	s.ops->close(&s);
}

/* Each way in which a file fails: no name, and the first error is the one that is told. */
static void test_not_durable(void)
{
	int ends[2], saved;
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "broken");
	if (pipe(ends))
		abort();
	T_CHECK("fsync fails", s.ops->create(&s, "vmcore", &f, &e) &&
			       f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	saved = dup(f.fd);
	dup2(ends[1], f.fd);	/* pipes cannot be synced */
	T_CHECK("fsync fails", !s.ops->commit(&f, &e));
	T_CHECK("no name after a failed fsync", !there("broken/vmcore"));
	T_CHECK("its message", strstr(e.text, "not all of it reached the disk"));
	/* The kernel tells of a lost page once; the next fsync would say that all is well. */
	dup2(saved, f.fd);
	T_CHECK("once failed, for ever failed", !s.ops->commit(&f, &e));
	T_CHECK("the first error stays", strstr(e.text, "not all of it reached the disk"));
	T_CHECK("no later write", !f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	T_CHECK("no later reserve", !f.out.ops->reserve(&f.out, 4096, &e));
	T_CHECK("no name", !there("broken/vmcore"));
	s.ops->abandon(&f, true);
	T_TEXT("the part stays", "data", text_of("broken/vmcore-incomplete"));
	close(saved);

	T_CHECK("a write fails", s.ops->create(&s, "vmcore", &f, &e));
	saved = dup(f.fd);
	dup2(ends[0], f.fd);
	T_CHECK("a write fails", !f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	dup2(saved, f.fd);
	T_CHECK("a failed write is not forgotten", !s.ops->commit(&f, &e));
	T_CHECK("no name after a failed write", !there("broken/vmcore"));
	s.ops->abandon(&f, false);
	close(saved);

	T_CHECK("cut", s.ops->create(&s, "vmcore", &f, &e) &&
		       f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	if (truncate(at("broken/vmcore-incomplete"), 3))
		abort();
	T_CHECK("a file shorter than what was written", !s.ops->commit(&f, &e));
	T_CHECK("no name for a short file", !there("broken/vmcore"));
	unlink(at("broken/vmcore-incomplete"));
	T_CHECK("a file that is gone", !s.ops->commit(&f, &e));
	T_CHECK("no name for nothing", !there("broken/vmcore"));
	s.ops->abandon(&f, false);
	close(ends[0]);
	close(ends[1]);
	s.ops->close(&s);
}

static void test_links(void)
{
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "links");
	put_file("victim", "precious");
	if (symlink("../victim", at("links/vmcore-incomplete")) ||
	    symlink("../nothing", at("links/manifest.json")))
		abort();
	T_CHECK("a link where the part comes", s.ops->create(&s, "vmcore", &f, &e) &&
		f.out.ops->write_at(&f.out, 0, "data", 4, &e) && s.ops->commit(&f, &e));
	T_TEXT("is not followed", "precious", text_of("victim"));
	T_TEXT("the file is a file", "data", text_of("links/vmcore"));
	T_EQUAL("with its own mode", 0600, mode_of("links/vmcore"));
	T_CHECK("a link to nowhere is a file that is there",
		!s.ops->create(&s, "manifest.json", &f, &e));
	T_EQUAL("a link to nowhere is a file that is there", EEXIST, e.code);
	T_CHECK("and it is not followed", !there("nothing"));
	T_CHECK("a folder in the way", !mkdir(at("links/y-incomplete"), 0700));
	T_CHECK("a folder in the way", !s.ops->create(&s, "y", &f, &e));
	T_CHECK("a folder in the way stays", there("links/y-incomplete"));
	s.ops->close(&s);
}

static void test_new(void)
{
	static const char *const wanted[] = { "", "-1", "-2" };
	struct sink s;
	struct err e;

	for (size_t i = 0; i < T_SIZE(wanted); i++) {
		char name[100];

		snprintf(name, sizeof(name), "%s/var/crash/h-2026-01-01-00:00:00%s", root,
			 wanted[i]);
		T_CHECK("a new folder", sink_dir_new(&s, at("var/crash"),
						     "h-2026-01-01-00:00:00", &durable, &e));
		T_TEXT("a new folder", name, s.where);
		T_CHECK("files can be put there", sink_put(&s, "vmcore", "x", 1, &e));
		s.ops->close(&s);
	}
	T_EQUAL("a new folder's mode", 0700, mode_of("var/crash/h-2026-01-01-00:00:00-2"));
	T_CHECK("not a folder", !sink_dir_new(&s, at("victim"), "h", &durable, &e));
}

/* Folders of a disk before, and whether they are there after keep dumps are kept. */
#define MAX_FOLDERS 8
static const struct {
	const char *row;
	unsigned keep, gone;
	/* d with a vmcore, l a log only, p a part only, f a vmcore and a foreign file */
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
	{ "one with a foreign file in it", 1, 1, {
		{ "d web-2026-01-01-00:00:00", false },
		{ "f web-2026-01-02-00:00:00", true },
		{ "d web-2026-01-04-00:00:00", true } } },
};

static void make_folder(const char *parent, const char *what)
{
	char name[200], file[250];
	const char *files[] = { "vmcore-dmesg.txt", "manifest.json", "kexec-dmesg.log",
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

static void test_prune(void)
{
	for (size_t i = 0; i < T_SIZE(prunes); i++) {
		const char *row = prunes[i].row;
		char parent[32], name[200];
		uint64_t alive = 0;

		snprintf(parent, sizeof(parent), "prune%zu", i);
		if (mkdir(at(parent), 0700))
			abort();
		for (unsigned j = 0; j < MAX_FOLDERS && prunes[i].folders[j].what; j++)
			make_folder(parent, prunes[i].folders[j].what);
		snprintf(name, sizeof(name), "%s/web-2026-01-01-11:11:11", parent);
		put_file(name, "a file with a name like ours");
		T_EQUAL(row, prunes[i].gone,
			sink_dir_prune(at(parent), "web", "web-2026-01-04-00:00:00",
				       prunes[i].keep, &alive));
		T_CHECK(row, alive >= prunes[i].gone);
		T_CHECK(row, there(name));
		for (unsigned j = 0; j < MAX_FOLDERS && prunes[i].folders[j].what; j++) {
			const char *what = prunes[i].folders[j].what;

			snprintf(name, sizeof(name), "%s/%s", parent, what + 2);
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
	}
}

int main(void)
{
	char command[64];

	if (!mkdtemp(root))
		abort();
	test_part_names();
	test_commit();
	test_not_durable();
	test_links();
	test_new();
	test_prune();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
