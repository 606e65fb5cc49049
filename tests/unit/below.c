/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/below: links on a target lead to what lies on it, or to nothing, as they will where it
 * is all there is; with openat2(2) and without.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/below.h"
#include "base/err.h"
#include "folder.h"
#include "t.h"

static const struct {
	const char *path;
	const char *leads_to;		/* the file in it; NULL: it cannot be opened */
	bool could_be;			/* it can be opened or made */
	bool has_link;			/* so it takes an openat2 */
} rows[] = {
	{ "/", "top", true, false },
	{ "/real", "real", true, false },
	{ "/real/", "real", true, false },
	{ "//real//sub/", "sub", true, false },
	{ "/absolute", "real", true, true },
	{ "/absolute/sub", "sub", true, true },
	{ "/relative", "real", true, true },
	{ "/real/up", "real", true, true },
	{ "/out", "elsewhere below", true, true },
	{ "/out/new", NULL, true, true },
	{ "/far", NULL, false, true },
	{ "/far/new", NULL, false, true },
	{ "/loop", NULL, false, true },
	{ "/proc-link", NULL, false, true },
	{ "/new/folder", NULL, true, false },
	{ "/file", NULL, false, false },
	{ "/file/new", NULL, false, false },
};

static void make_folders(void)
{
	static const char *const links[][2] = {
		{ "/real", "target/absolute" }, { "real", "target/relative" },
		{ "..//real", "target/real/up" }, { "../elsewhere", "target/out" },
		{ "/nowhere", "target/far" }, { "loop", "target/loop" },
		{ "/proc/self/cwd", "target/proc-link" },
	};
	static const char *const folders[] = { "target", "target/real", "target/real/sub",
					       "elsewhere", "target/elsewhere", };

	for (size_t i = 0; i < T_SIZE(folders); i++)
		if (mkdir(at(folders[i]), 0700))
			abort();
	for (size_t i = 0; i < T_SIZE(links); i++)
		if (symlink(links[i][0], at(links[i][1])))
			abort();
	put_file("target/which", "top");
	put_file("target/real/which", "real");
	put_file("target/real/sub/which", "sub");
	put_file("elsewhere/which", "elsewhere");
	put_file("target/elsewhere/which", "elsewhere below");
	put_file("target/file", "");
}

static void test_row(size_t i, int root_fd, bool links_followed)
{
	const char *row = rows[i].path, *want = rows[i].leads_to;
	bool refused = rows[i].has_link && !links_followed, there_is, ok;
	char text[40] = "";
	struct err e;
	int fd = below_open(root_fd, row, &e), file;

	T_EQUAL(row, want && !refused, fd >= 0);
	ok = below_look(root_fd, row, &there_is, &e);
	T_EQUAL(row, rows[i].could_be && !refused, ok);
	if (ok)
		T_EQUAL(row, !!want, there_is);
	if (fd < 0)
		return;
	file = openat(fd, "which", O_RDONLY);
	T_CHECK(row, file >= 0 && read(file, text, sizeof(text) - 1) > 0);
	T_TEXT(row, want, text);
	close(file);
	close(fd);
}

static void test_rows(bool links_followed)
{
	struct err e;
	int root_fd = below_root(at("target"), &e);

	for (size_t i = 0; i < T_SIZE(rows); i++)
		test_row(i, root_fd, links_followed);
	close(root_fd);
}

static void test_make(void)
{
	struct err e;
	unsigned n = 0;
	int root_fd = below_root(at("target"), &e);

	T_CHECK("through a link", below_make(root_fd, "/absolute/a/b", &n, &e));
	T_EQUAL("two of them are new", 2, n);
	T_CHECK("where it leads to", there("target/real/a/b"));
	T_CHECK("it does not lead out", below_make(root_fd, "/out/c", &n, &e) &&
		!there("elsewhere/c") && there("target/elsewhere/c"));
	T_CHECK("to nothing", !below_make(root_fd, "/far/d", &n, &e));
	T_CHECK("through a file", !below_make(root_fd, "/file/d", &n, &e));
	T_CHECK("one with something in it", !below_remove(root_fd, "/real/a"));
	T_CHECK("empty ones", below_remove(root_fd, "/absolute/a/b") &&
			      below_remove(root_fd, "/real/a") && !there("target/real/a"));
	close(root_fd);
}

/* /proc is another file system, wherever it is. */
static void test_other_system(void)
{
	struct err e;
	int root_fd = below_root("/", &e);

	T_EQUAL("another file system", -1, below_open(root_fd, "/proc/self", &e));
	T_EQUAL("another file system", EXDEV, e.code);
	T_EQUAL("no root", -1, below_root(at("nothing"), &e));
	close(root_fd);
}

/* As on a kernel before 5.6. */
static void without_openat2(void)
{
	static struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 437, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = T_SIZE(rules), .filter = rules };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		abort();
}

int main(void)
{
	char command[64];
	int status;

	if (!mkdtemp(root))
		abort();
	make_folders();
	test_rows(true);
	test_make();
	test_other_system();
	fflush(stdout);
	if (!fork()) {
		without_openat2();
		test_rows(false);
		exit(t_done());
	}
	T_CHECK("without openat2", wait(&status) > 0 && !status);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
