/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every kind of sink and store promises, said once and asked of each kind. All of them
 * write below one folder of ours, so that what lies there is seen past them. A further kind
 * is a row in sink_kinds.h; what only one kind can do or get wrong is in its own test.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "folder.h"
#include "machine/host_names.h"
#include "sink_kinds.h"
#include "t.h"
#include "targets/sink.h"
#include "targets/store.h"

/* ---- what lies there -------------------------------------------------------- */

static const struct kind *kind;

/* KIND/name, below the folder of ours. */
static const char *in(const char *name)
{
	static char paths[4][200];
	static unsigned n;
	char *path = paths[n++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", kind->name, name);
	return path;
}

static void open_sink(struct sink *s, const char *name)
{
	struct err e;

	if (!kind->open(s, at(in(name)), &e)) {
		printf("%s: %s\n", kind->name, e.text);
		abort();
	}
}

static bool begin(struct sink *s, const char *name, struct sink_file *f, const char *text)
{
	struct err e;

	return sink_create(s, name, f, &e) &&
	       f->out.ops->write_at(&f->out, 0, text, strlen(text), &e);
}

/* ---- what a sink promises --------------------------------------------------- */

static void names_are_earned(void)
{
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "names");
	T_CHECK("a file is begun", begin(&s, "vmcore", &f, "data"));
	T_CHECK("it has no name yet", !there(in("names/vmcore")));
	T_CHECK("its part has one", there(in("names/vmcore-incomplete")));
	durable = 0;
	T_CHECK("commit", s.ops->commit(&f, &e));
	T_EQUAL("what is durable is counted", 4, durable);
	T_TEXT("then it has its name", "data", text_of(in("names/vmcore")));
	T_CHECK("and the part has none", !there(in("names/vmcore-incomplete")));
	T_EQUAL("nobody else may read it", 0600, mode_of(in("names/vmcore")));
	T_CHECK("it is told that it is there", s.ops->has(&s, "vmcore"));
	T_CHECK("a name that is taken", !sink_create(&s, "vmcore", &f, &e));
	T_EQUAL("a name that is taken", EEXIST, e.code);
	T_TEXT("and what has it is left alone", "data", text_of(in("names/vmcore")));
	s.ops->close(&s);
}

static void parts_that_were_left(void)
{
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "parts");
	T_CHECK("a file is begun", begin(&s, "vmcore", &f, "first and long"));
	s.ops->abandon(&f, true);
	T_TEXT("a part may stay", "first and long", text_of(in("parts/vmcore-incomplete")));
	T_CHECK("no name for it", !there(in("parts/vmcore")));
	T_CHECK("begun again", begin(&s, "vmcore", &f, "second"));
	T_CHECK("commit", s.ops->commit(&f, &e));
	T_TEXT("nothing is left of the first", "second", text_of(in("parts/vmcore")));
	T_CHECK("another", begin(&s, "manifest.json", &f, "{"));
	s.ops->abandon(&f, false);
	T_CHECK("a part may go", !there(in("parts/manifest-incomplete.json")));

	put_file(in("victim"), "precious");
	if (symlink("../victim", at(in("parts/a-incomplete"))) ||
	    symlink("../nothing", at(in("parts/b"))))
		abort();
	T_CHECK("a link where the part comes", begin(&s, "a", &f, "mine") &&
					       s.ops->commit(&f, &e));
	T_TEXT("it is not followed", "precious", text_of(in("victim")));
	T_TEXT("it is replaced", "mine", text_of(in("parts/a")));
	T_CHECK("a link to nowhere is there", !sink_create(&s, "b", &f, &e));
	T_CHECK("and is not followed", !there(in("nothing")));
	s.ops->close(&s);
}

static void what_is_read_back(void)
{
	static const char zeroes[5];
	struct sink_file f;
	struct sink s;
	struct err e;
	char text[16] = "";

	open_sink(&s, "back");
	T_CHECK("begun", begin(&s, "vmcore", &f, "hello world"));
	T_CHECK("what was written is read", f.out.ops->read_at(&f.out, 6, text, 5, &e));
	T_TEXT("what was written is read", "world", text);
	T_CHECK("over it", f.out.ops->write_at(&f.out, 6, "WORLD", 5, &e) &&
			   f.out.ops->read_at(&f.out, 6, text, 5, &e));
	T_TEXT("what is new is seen", "WORLD", text);
	T_CHECK("longer", f.out.ops->lengthen(&f.out, 100, &e) &&
			  f.out.ops->read_at(&f.out, 95, text, 5, &e));
	T_CHECK("what was never written is zero", !memcmp(text, zeroes, 5));
	T_CHECK("space is taken", f.out.ops->reserve(&f.out, 100, 4096, &e));
	T_CHECK("synced", f.out.ops->sync(&f.out, &e) &&
			  f.out.ops->reread(&f.out, 0, text, 5, &e));
	T_CHECK("the storage has it", !memcmp(text, "hello", 5));
	T_CHECK("of the length that was promised", s.ops->commit(&f, &e));
	T_EQUAL("of the length that was promised", 4196, ({
		struct stat st = { .st_size = -1 };
		stat(at(in("back/vmcore")), &st);
		st.st_size; }));

	T_CHECK("begun", begin(&s, "log", &f, "as it was") && sink_reread(&f, NULL, &e));
	put_file(in("back/log-incomplete"), "as it Was");
	T_CHECK("what was changed is seen", !sink_reread(&f, NULL, &e));
	T_EQUAL("what was changed is seen", EIO, e.code);
	s.ops->abandon(&f, false);
	s.ops->close(&s);
}

static void no_name_for_less(void)
{
	struct sink_file f;
	struct sink s;
	struct err e;

	open_sink(&s, "less");
	T_CHECK("begun", begin(&s, "vmcore", &f, "data") && f.out.ops->sync(&f.out, &e));
	if (truncate(at(in("less/vmcore-incomplete")), 3))
		abort();
	T_CHECK("a file that is too short", !s.ops->commit(&f, &e));
	T_CHECK("has no name", !there(in("less/vmcore")));
	s.ops->abandon(&f, true);
	T_TEXT("and stays what it is", "dat", text_of(in("less/vmcore-incomplete")));
	T_CHECK("begun", begin(&s, "vmcore", &f, "data") && f.out.ops->sync(&f.out, &e));
	unlink(at(in("less/vmcore-incomplete")));
	T_CHECK("a file that is gone", !s.ops->commit(&f, &e));
	T_CHECK("has no name", !there(in("less/vmcore")));
	s.ops->abandon(&f, false);
	s.ops->close(&s);
}

static void whole_files(void)
{
	uint64_t free_len = 0;
	struct sink s;
	struct err e;

	open_sink(&s, "whole");
	T_CHECK("a small file", sink_put(&s, "manifest.json", "{ long }", 8, &e));
	T_CHECK("put again", sink_put(&s, "manifest.json", "{}", 2, &e));
	T_TEXT("the new one is there", "{}", text_of(in("whole/manifest.json")));
	T_CHECK("no part is left", !there(in("whole/manifest-incomplete.json")));
	T_CHECK("another", sink_put(&s, "vmcore", "old", 3, &e));
	T_CHECK("it is renamed", s.ops->move(&s, "vmcore", "vmcore-earlier", &e));
	T_CHECK("its old name is free", !there(in("whole/vmcore")) &&
					!s.ops->has(&s, "vmcore"));
	T_CHECK("in the place of another", s.ops->move(&s, "manifest.json", "vmcore-earlier",
						       &e));
	T_TEXT("in the place of another", "{}", text_of(in("whole/vmcore-earlier")));
	T_CHECK("removed", s.ops->remove(&s, "vmcore-earlier", &e));
	T_CHECK("it is gone", !there(in("whole/vmcore-earlier")));
	T_CHECK("what is not there", !s.ops->remove(&s, "vmcore-earlier", &e));
	T_EQUAL("what is not there", ENOENT, e.code);
	T_CHECK("nor renamed", !s.ops->move(&s, "vmcore-earlier", "vmcore", &e));
	T_CHECK("space", s.ops->space(&s, &free_len, &e) && free_len);
	s.ops->close(&s);
}

static void folders_of_their_own(void)
{
	static const char *const wanted[] = { "", "-1", "-2" };
	const char *name = "h-2026-01-01-00:00:00";
	char made[SINK_WHERE_MAX], path[200];
	struct sink s;
	struct err e;

	for (size_t i = 0; i < T_SIZE(wanted); i++) {
		snprintf(path, sizeof(path), "new/crash/%s%s", name, wanted[i]);
		T_CHECK("a new folder", kind->new(&s, at(in("new/crash")), name, made, &e));
		T_TEXT("a name is never given twice", at(in(path)), s.where);
		T_TEXT("told to who comes after us", at(in(path)), made);
		T_EQUAL("those above are made, and counted", i ? 0 : 2, s.n_made);
		T_EQUAL("nobody else may look", 0700, mode_of(in(path)));
		T_CHECK("a file in it", sink_put(&s, "vmcore-dmesg.txt", wanted[i],
						 strlen(wanted[i]), &e));
		s.ops->close(&s);
	}
	/* The next attempt goes on in the folder that this one has made. */
	T_CHECK("opened again", kind->open(&s, made, &e));
	T_EQUAL("nothing is made for it", 0, s.n_made);
	T_CHECK("what was saved is there", s.ops->has(&s, "vmcore-dmesg.txt"));
	T_CHECK("and it goes on", sink_put(&s, "vmcore", "x", 1, &e));
	s.ops->close(&s);
	put_file(in("victim"), "precious");
	T_CHECK("a file is no folder", !kind->new(&s, at(in("victim")), name, made, &e));
	T_CHECK("a file is no folder", !kind->open(&s, at(in("victim")), &e));
}

/* ---- what a store promises -------------------------------------------------- */

struct listing {
	unsigned n, n_folders;
	uint64_t len;
	bool has_dots;
};

static void count(void *to, const struct store_file *f)
{
	struct listing *l = to;

	l->n++;
	l->n_folders += f->is_folder;
	if (!strcmp(f->name, "vmcore"))
		l->len = f->len;
	l->has_dots |= f->name[0] == '.';
}

static void make_crash(const char *name)
{
	struct sink s;
	struct err e;

	open_sink(&s, name);
	if (!sink_put(&s, "vmcore", "0123456789", 10, &e) ||
	    !sink_put(&s, "vmcore-dmesg.txt", "log", 3, &e))
		abort();
	s.ops->close(&s);
}

static void what_is_listed(void)
{
	struct listing l = { .n = 0 };
	const struct store_visitor counter = { count, &l };
	struct store_entry entries[4];
	struct store_entries all = { entries, 4, 0, &(uint64_t){ 0 } };
	struct store s;
	struct err e;

	make_crash("store/web-2026-01-02-00:00:00");
	make_crash("store/db-2026-01-01-00:00:00");
	put_file(in("store/notes"), "not ours");
	if (symlink("web-2026-01-02-00:00:00", at(in("store/web-2026-01-03-00:00:00"))))
		abort();
	T_CHECK("open", kind->store(&s, at(in("store")), &e));
	T_CHECK("all of it", s.ops->list(&s, NULL, &counter, &e));
	T_EQUAL("all of it", 4, l.n);
	T_EQUAL("links are not followed", 2, l.n_folders);
	T_CHECK("none of . and ..", !l.has_dots);
	l.n = 0;
	T_CHECK("a folder", s.ops->list(&s, "web-2026-01-02-00:00:00", &counter, &e));
	T_EQUAL("a folder", 2, l.n);
	T_EQUAL("how long a file is", 10, l.len);
	T_CHECK("one that is not there", !s.ops->list(&s, "none", &counter, &e));
	T_EQUAL("one that is not there", ENOENT, e.code);
	T_CHECK("crashes", store_list(&s, NULL, &all, &e));
	T_EQUAL("a link is no crash", 2, all.n);
	T_TEXT("the oldest first", "db-2026-01-01-00:00:00", entries[0].name);
	T_EQUAL("with what they hold", STORE_WHOLE, entries[0].kind);
	T_EQUAL("with what they hold", 13, entries[0].len);
	s.until = 1;
	T_CHECK("no time", !s.ops->list(&s, NULL, &counter, &e));
	T_EQUAL("no time", ETIMEDOUT, e.code);
	s.ops->close(&s);
}

static void what_is_read(void)
{
	static const struct {
		const char *row, *file;
		uint64_t off;
		size_t wanted, len;
		const char *text;	/* NULL: no such file */
	} rows[] = {
		{ "from an offset on", "vmcore", 4, 3, 3, "456" },
		{ "as much as there is", "vmcore", 8, 16, 2, "89" },
		{ "behind the end", "vmcore", 10, 1, 0, "" },
		{ "no such file", "none", 0, 1, 0, NULL },
	};
	struct store s;
	struct err e;

	T_CHECK("open", kind->store(&s, at(in("store")), &e));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char text[16] = "";
		struct store_piece piece = { "web-2026-01-02-00:00:00", rows[i].file,
					     rows[i].off, text, rows[i].wanted };

		e.code = 0;
		T_EQUAL(rows[i].row, rows[i].text != NULL, s.ops->read(&s, &piece, &e));
		T_EQUAL(rows[i].row, rows[i].text ? 0 : ENOENT, e.code);
		if (!rows[i].text)
			continue;
		T_EQUAL(rows[i].row, rows[i].len, piece.len);
		T_CHECK(rows[i].row, !memcmp(text, rows[i].text, rows[i].len));
	}
	s.ops->close(&s);
}

/* Somebody's file among ours stays, and so does its folder. */
static void only_ours_goes(void)
{
	struct store_entry entry;
	struct store s;
	struct err e;

	put_file(in("store/db-2026-01-01-00:00:00/notes"), "not ours");
	T_CHECK("open", kind->store(&s, at(in("store")), &e));
	T_CHECK("look", store_look(&s, "db-2026-01-01-00:00:00", &entry, &e));
	T_CHECK("a folder that is not empty", !store_remove(&s, &entry, &e));
	T_CHECK("ours is gone", !there(in("store/db-2026-01-01-00:00:00/vmcore")));
	T_TEXT("theirs is not", "not ours", text_of(in("store/db-2026-01-01-00:00:00/notes")));
	T_CHECK("look", store_look(&s, "web-2026-01-02-00:00:00", &entry, &e));
	T_CHECK("all of a crash", store_remove(&s, &entry, &e));
	T_CHECK("all of a crash", !there(in("store/web-2026-01-02-00:00:00")));
	T_CHECK("none is left", !store_look(&s, "web-2026-01-02-00:00:00", &entry, &e));
	T_EQUAL("none is left", ENOENT, e.code);
	s.ops->close(&s);
}

static void (*const promises[])(void) = {
	names_are_earned, parts_that_were_left, what_is_read_back, no_name_for_less,
	whole_files, folders_of_their_own, what_is_listed, what_is_read, only_ours_goes,
};

/* The words of a target, or none: a folder of this machine. What all write is in a new one. */
static void reach(const char *words, const char *mount_at)
{
	const struct host_names none = { .n = 0 };
	char device[DEVICE_NAME_MAX] = "";
	struct err e;

	by_words.words = words ? words : "/tmp";
	by_words.mount_at = mount_at;
	by_words.names = &none;
	by_words.device = device;
	by_words.host = "conformance";
	if (!target_reach(&reached, &by_words, &e)) {
		fprintf(stderr, "%s: %s\n", by_words.words, e.text);
		abort();
	}
	snprintf(root, sizeof(root), "%s%s%sunit-XXXXXX", reached.root, reached.path,
		 strcmp(reached.path, "/") ? "/" : "");
	if (!mkdtemp(root))
		abort();
}

static void ask_of(const struct kind *of)
{
	unsigned n_failed = t_n_failed;

	kind = of;
	if (!kind->begin())
		return;
	for (size_t j = 0; j < T_SIZE(promises); j++)
		promises[j]();
	kind->end();
	if (t_n_failed > n_failed)
		printf("by the kind %s\n", kind->name);
}

/* Of WORDS that are given, mounted at FOLDER, the first row alone is asked. */
int main(int argc, char **argv)
{
	char command[300];
	struct err e;

	signal(SIGPIPE, SIG_IGN);
	umask(022);
	reach(argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL);
	for (size_t i = 0; i < (argc > 1 ? 1 : T_SIZE(kinds)); i++)
		ask_of(&kinds[i]);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	T_CHECK("what was made can be removed", !system(command));
	T_CHECK("it is left", target_close(&reached, &e));
	return t_done();
}
