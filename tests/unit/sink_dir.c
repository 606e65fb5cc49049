/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/sink_dir in a folder of its own: a file gets its name when it is durable and of
 * the right length, never before; links are not followed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "folder.h"
#include "t.h"
#include "targets/sink.h"
#include "targets/sink_dir.h"

static uint64_t durable;

static int file_fd(const struct sink_file *f)
{
	return ((const struct dir_file *)f->own)->fd;
}

static int folder_fd(const struct sink *s)
{
	return ((const struct dir_sink *)s->own)->fd;
}

static void open_sink(struct sink *s, const char *name)
{
	struct err e;

	if (!sink_dir_open(s, &(struct sink_folder){ NULL, at(name), &durable },
			   &e)) {
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
	T_CHECK("create", sink_create(&s, "vmcore", &f, &e));
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

	T_CHECK("one that is there is not replaced", !sink_create(&s, "vmcore", &f, &e));
	T_EQUAL("one that is there is not replaced", EEXIST, e.code);
	T_TEXT("one that is there is not touched", "helloworld", text_of("a/b/commit/vmcore"));

	T_CHECK("left, to be kept", sink_create(&s, "x", &f, &e));
	s.ops->abandon(&f, true);
	T_CHECK("left, to be kept", there("a/b/commit/x-incomplete"));
	T_CHECK("a part of an earlier attempt goes", sink_create(&s, "x", &f, &e));
	s.ops->abandon(&f, false);
	T_CHECK("left, not to be kept", !there("a/b/commit/x-incomplete"));
	for (const char *text = "{ 1 }\n"; *text; text += 2) {
		T_CHECK("sink_put", sink_put(&s, "manifest.json", text, strlen(text), &e));
		T_TEXT("in the place of the one before", text,
		       text_of("a/b/commit/manifest.json"));
	}
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
	T_CHECK("fsync fails", sink_create(&s, "vmcore", &f, &e) &&
			       f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	saved = dup(file_fd(&f));
	dup2(ends[1], file_fd(&f));	/* pipes cannot be synced */
	T_CHECK("fsync fails", !s.ops->commit(&f, &e));
	T_CHECK("no name after a failed fsync", !there("broken/vmcore"));
	T_CHECK("its message", strstr(e.text, "not all of it reached the disk"));
	/* The kernel tells of a lost page once; the next fsync would say that all is well. */
	dup2(saved, file_fd(&f));
	T_CHECK("once failed, for ever failed", !s.ops->commit(&f, &e));
	T_CHECK("the first error stays", strstr(e.text, "not all of it reached the disk"));
	T_CHECK("no later write", !f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	T_CHECK("no later reserve", !f.out.ops->reserve(&f.out, 0, 4096, &e));
	T_CHECK("no name", !there("broken/vmcore"));
	s.ops->abandon(&f, true);
	T_TEXT("the part stays", "data", text_of("broken/vmcore-incomplete"));
	close(saved);

	T_CHECK("a write fails", sink_create(&s, "vmcore", &f, &e));
	saved = dup(file_fd(&f));
	dup2(ends[0], file_fd(&f));
	T_CHECK("a write fails", !f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	dup2(saved, file_fd(&f));
	T_CHECK("a failed write is not forgotten", !s.ops->commit(&f, &e));
	T_CHECK("no name after a failed write", !there("broken/vmcore"));
	s.ops->abandon(&f, false);
	close(saved);

	T_CHECK("cut", sink_create(&s, "vmcore", &f, &e) &&
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

/* What was written is compared with what lies there, not with what somebody reads twice. */
static void test_reread(void)
{
	static const char *const changes[] = { NULL, "0", "w", "hello worlX" };
	static const char text[] = "hello world";
	uint64_t alive = 0;
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "reread");
	for (size_t i = 0; i < T_SIZE(changes); i++) {
		char name[20];

		snprintf(name, sizeof(name), "f%zu", i);
		T_CHECK("create", sink_create(&s, name, &f, &e) &&
				  f.out.ops->write_at(&f.out, 0, text, 6, &e) &&
				  f.out.ops->write_at(&f.out, 6, text + 6, 5, &e));
		if (changes[i] && pwrite(file_fd(&f), changes[i], strlen(changes[i]), 0) < 0)
			abort();
		T_EQUAL(changes[i] ? changes[i] : "as it was", !changes[i],
			sink_reread(&f, &alive, &e));
		T_CHECK("what is wrong", !changes[i] || e.code == EIO);
		s.ops->abandon(&f, true);
	}
	T_EQUAL("somebody sees that it moves", T_SIZE(changes), alive);
	/* Over the ends of blocks, of what is read at once, and of the file. */
	T_CHECK("long", sink_create(&s, "long", &f, &e));
	for (uint64_t off = 0; off < 300000; off += 1000) {
		char kilo[1000];

		memset(kilo, 'a' + off / 1000 % 26, sizeof(kilo));
		T_CHECK("long", f.out.ops->write_at(&f.out, off, kilo, sizeof(kilo), &e));
	}
	T_CHECK("long", sink_reread(&f, NULL, &e) && s.ops->commit(&f, &e));
	T_CHECK("a file that has holes", sink_create(&s, "holes", &f, &e) &&
		f.out.ops->write_at(&f.out, 100, "x", 1, &e) && !sink_reread(&f, NULL, &e));
	s.ops->abandon(&f, false);
	s.ops->close(&s);
}

/* The folder has to know of a file before there is something in it, and of its new name. */
static void test_folder_not_durable(void)
{
	int good, bad;	/* one that can be worked in, but not synced */
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "names");
	good = dup(folder_fd(&s));
	bad = open(at("names"), O_PATH | O_DIRECTORY);
	dup2(bad, folder_fd(&s));
	T_CHECK("a file whose name would be lost", !sink_create(&s, "vmcore", &f, &e));
	T_CHECK("why", strstr(e.text, "cannot sync the folder"));
	T_CHECK("it is not begun", !there("names/vmcore-incomplete"));
	dup2(good, folder_fd(&s));
	T_CHECK("create", sink_create(&s, "vmcore", &f, &e) &&
			  f.out.ops->write_at(&f.out, 0, "data", 4, &e));
	dup2(bad, folder_fd(&s));
	T_CHECK("a name that may be lost", !s.ops->commit(&f, &e));
	T_CHECK("why", strstr(e.text, "cannot sync the folder"));
	T_CHECK("a name is a promise", !there("names/vmcore"));
	T_TEXT("it is what it was", "data", text_of("names/vmcore-incomplete"));
	s.ops->abandon(&f, true);
	close(good);
	close(bad);
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
	T_CHECK("a link where the part comes", sink_create(&s, "vmcore", &f, &e) &&
		f.out.ops->write_at(&f.out, 0, "data", 4, &e) && s.ops->commit(&f, &e));
	T_TEXT("is not followed", "precious", text_of("victim"));
	T_TEXT("the file is a file", "data", text_of("links/vmcore"));
	T_EQUAL("with its own mode", 0600, mode_of("links/vmcore"));
	T_CHECK("a link to nowhere is a file that is there",
		!sink_create(&s, "manifest.json", &f, &e));
	T_EQUAL("a link to nowhere is a file that is there", EEXIST, e.code);
	T_CHECK("and it is not followed", !there("nothing"));
	T_CHECK("a folder in the way", !mkdir(at("links/y-incomplete"), 0700));
	T_CHECK("a folder in the way", !sink_create(&s, "y", &f, &e));
	T_CHECK("a folder in the way stays", there("links/y-incomplete"));
	s.ops->close(&s);
}

static void test_new(void)
{
	static const char *const wanted[] = { "", "-1", "-2" };
	char made[SINK_WHERE_MAX];
	struct sink s;
	struct err e;

	for (size_t i = 0; i < T_SIZE(wanted); i++) {
		const struct sink_folder crash = { NULL, at("var/crash"), &durable };
		char name[100];

		snprintf(name, sizeof(name), "%s/var/crash/h-2026-01-01-00:00:00%s", root,
			 wanted[i]);
		T_CHECK("a new folder", sink_dir_new(&s, &crash, "h-2026-01-01-00:00:00", made,
						     &e));
		T_TEXT("a new folder", name, s.where);
		T_TEXT("told to who comes after us", name, made);
		T_CHECK("files can be put there", sink_put(&s, "vmcore", "x", 1, &e));
		s.ops->close(&s);
	}
	T_EQUAL("a new folder's mode", 0700, mode_of("var/crash/h-2026-01-01-00:00:00-2"));
	T_CHECK("not a folder",
		!sink_dir_new(&s, &(struct sink_folder){ NULL, at("victim"), &durable }, "h",
			      made, &e));
}

/* More than there is: it is no error yet, and what there is stays free for what fits. */
static void test_full(void)
{
	static const char data[200 << 10];
	struct sink_file f;
	struct sink s;
	struct err e;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mkdir(at("full"), 0700) || mount("none", at("full"), "tmpfs", 0, "size=256k")) {
		printf("a full disk is not tried: %s\n", strerror(errno));
		return;
	}
	open_sink(&s, "full");
	T_CHECK("create", sink_create(&s, "vmcore", &f, &e));
	T_CHECK("a little", f.out.ops->reserve(&f.out, 0, 4096, &e));
	T_EQUAL("a little", 0, f.out.owed);
	T_CHECK("too much", f.out.ops->reserve(&f.out, 4096, 1 << 20, &e));
	T_EQUAL("too much", 1 << 20, f.out.owed);
	T_CHECK("what fits", f.out.ops->write_at(&f.out, 4096, data, sizeof(data), &e));
	s.ops->abandon(&f, true);
	s.ops->close(&s);
	umount(at("full"));
}

int main(void)
{
	char command[64];

	if (!mkdtemp(root))
		abort();
	test_part_names();
	test_commit();
	test_not_durable();
	test_reread();
	test_folder_not_durable();
	test_links();
	test_new();
	test_full();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
