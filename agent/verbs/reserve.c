/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb reserve: crashkernel= for the next boots, wherever this machine's command lines
 * come from. What would change is shown first, and how it was is remembered for --undo.
 */
#include "verb.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "kexec/bootloader.h"
#include "machine/guard.h"
#include "machine/program.h"
#include "reserve_changes.h"

#define PROGRAM_S 600
#define ARENA_LEN (64u << 20)

/* ---- what is said ----------------------------------------------------------- */

static void print_line(char sign, const char *line, size_t len)
{
	printf("%c%.*s\n", sign, (int)len, line);
}

/* Lines are changed, or added at the end, never taken out: they go side by side. */
static void print_change(const struct reserve_change *c)
{
	const char *from = (char *)c->from.at, *to = (char *)c->to.at;

	printf("%s\n", c->path);
	while (*to) {
		size_t a = strcspn(from, "\n"), b = strcspn(to, "\n");

		if (a != b || memcmp(from, to, a)) {
			if (*from)
				print_line('-', from, a);
			print_line('+', to, b);
		}
		from += a + (from[a] == '\n');
		to += b + (to[b] == '\n');
	}
}

/* The program of a row that is installed; NULL: the file is what is read, or none is. */
static const char *const *maker_of(const struct reserving *r, const struct reserve_row *row)
{
	static const char *const folders[] = { "/usr/sbin", "/sbin", "/usr/bin" };
	char path[HOST_PATH_MAX];

	for (size_t i = 0; row->makers && row->makers[i]; i++)
		for (size_t k = 0; k < sizeof(folders) / sizeof(folders[0]); k++) {
			snprintf(path, sizeof(path), "%s/%s", folders[k], row->makers[i][0]);
			if (root_exists(r->root, path))
				return row->makers[i];
		}
	return NULL;
}

static void print_maker(const struct reserving *r, const struct reserve_row *row)
{
	const char *const *maker = maker_of(r, row);

	if (!row->makers)
		return;
	fputs(maker ? "then:" : "then, by hand: what makes the boot loader's files of it",
	      stdout);
	for (size_t i = 0; maker && maker[i]; i++)
		printf(" %s", maker[i]);
	putchar('\n');
}

static void print_all(const struct reserving *r)
{
	for (unsigned i = 0; i < r->n; i++) {
		print_change(&r->at[i]);
		print_maker(r, r->at[i].row);
	}
	fflush(stdout);
}

static bool is_confirmed(const struct reserving *r)
{
	char line[16] = "";

	if (r->is_sure)
		return true;
	printf("Change %s? Type 'yes' to go on: ", r->n == 1 ? "this file" : "these files");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) && !strcmp(line, "yes\n"))
		return true;
	log_info("that was not 'yes': nothing is changed");
	return false;
}

/* ---- doing it --------------------------------------------------------------- */

/* What the files had, before any is changed: the first time counts. */
static bool remember(struct reserving *r, struct err *e)
{
	size_t len = strlen(r->state), ignored;
	char path[HOST_PATH_MAX];
	struct blob text = { (uint8_t *)r->state, 0 };

	for (unsigned i = 0; i < r->n; i++) {
		const struct reserve_change *c = &r->at[i];

		if (reserve_remembered(r, c->path, &ignored))
			continue;
		len += snprintf(r->state + len, RESERVE_STATE_MAX - len, "%s%s\t%s",
				len ? "\n" : "", c->path, c->old[0] ? c->old : RESERVE_NONE);
		if (len >= RESERVE_STATE_MAX)
			return fail(e, EFBIG, RESERVE_STATE ": would be too long");
	}
	text.len = len;
	return root_make_state(r->root, e) && root_path(path, r->root, RESERVE_STATE, e) &&
	       file_replace(path, &text, e);
}

/* As it was but for its bytes: whose it is, and who may read it. */
static bool replace(const struct reserving *r, const struct reserve_change *c, struct err *e)
{
	char named[HOST_PATH_MAX], path[PATH_MAX];
	struct stat st;

	/* A link stays one: what it leads to is changed. */
	if (!root_path(named, r->root, c->path, e))
		return false;
	if (!realpath(named, path) || stat(path, &st))
		return fail(e, errno, "%s: %s", named, strerror(errno));
	if (!file_replace(path, &c->to, e))
		return false;
	/* A FAT has neither. */
	if ((chown(path, st.st_uid, st.st_gid) || chmod(path, st.st_mode & 07777)) &&
	    errno != EPERM && errno != ENOTSUP)
		return fail(e, errno, "%s: %s", path, strerror(errno));
	return true;
}

/* Nothing goes into it; what it says comes into `out`. */
static bool run_program(struct program *p, const char *const *argv, char *out, size_t size,
			struct err *e)
{
	struct program_text none = { "", 0 };
	uint64_t alive = 0;

	*p = (struct program){ .argv = argv, .fd = -1, .stall_s = PROGRAM_S, .alive = &alive,
			       .feed = { program_next_text, &none }, .out = out, .size = size };
	return program_run(p, e);
}

static bool make(const struct reserving *r, const struct reserve_row *row, struct err *e)
{
	const char *const *argv = maker_of(r, row);
	char out[4096];
	struct program p;

	if (!argv || r->root[0])
		return true;
	log_info("%s ...", argv[0]);
	return run_program(&p, argv, out, sizeof(out), e) &&
	       (!p.status ||
		fail(e, EIO, "%s: exit status %d: %s", argv[0], p.status, p.said));
}

static bool apply(struct reserving *r, struct err *e)
{
	char path[HOST_PATH_MAX];

	if (!r->undoes && !remember(r, e))
		return false;
	for (unsigned i = 0; i < r->n; i++)
		if (!replace(r, &r->at[i], e))
			return false;
	for (unsigned i = 0; i < r->n; i++)
		if (!make(r, r->at[i].row, e))
			return false;
	if (r->undoes && root_path(path, r->root, RESERVE_STATE, e))
		unlink(path);
	return true;
}

/* The kernel takes the last of several. */
static bool has_words(struct reserving *r, const char *file)
{
	char path[HOST_PATH_MAX];
	struct blob text;
	struct err ignored;
	const char *at, *line, *end;
	size_t len = strlen(r->words);

	if (!root_path(path, r->root, file, &ignored) ||
	    !file_load(&r->arena, path, &text, &ignored))
		return false;
	at = memmem(text.at, text.len, r->words, len);
	if (!at || !strchr(" \t\n\"'", at[len]))
		return false;
	line = at + strcspn(at, "\n");
	end = memmem(at + len, line - at - len, "crashkernel=", 12);
	return !end;
}

/* Where the boot loader looks, and not only in what its files are made of. */
static int judge(struct reserving *r)
{
	char file[HOST_PATH_MAX];

	if (r->undoes) {
		puts("ok: as it was before");
		return 0;
	}
	switch (bootloader_next(r->root, file)) {
	case BOOT_DOES_NOT:
		log_info("%s still has no crashkernel=: make it anew, or change it by hand",
			 file);
		return 1;
	case BOOT_UNKNOWN:
		log_info("changed; but which of its files the boot loader reads is not known "
			 "here: see /proc/cmdline behind the next boot");
		return 1;
	case BOOT_RESERVES:
		break;
	}
	if (!has_words(r, file)) {
		log_info("%s has another crashkernel= where it counts: something adds it "
			 "behind ours (/etc/default/grub.d?), or the file was not made anew",
			 file);
		return 1;
	}
	puts("ok: from the next boot on");
	return 0;
}

static int reserve(struct reserving *r)
{
	struct err e;

	root_read(r->root, RESERVE_STATE, r->state, sizeof(r->state), &e);
	if (r->undoes && !r->state[0]) {
		log_info("nothing is to be undone: crashbox reserve has changed nothing here");
		return 1;
	}
	if (!arena_init(&r->arena, ARENA_LEN, &e) || !reserve_find(r, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (!r->n_seen) {
		log_info("no file of a boot loader is here that is known: add crashkernel= to "
			 "the kernel's command line by hand (a unified kernel image is made "
			 "anew)");
		return 1;
	}
	if (!r->n) {
		puts("ok: nothing is to be changed");
		return 0;
	}
	print_all(r);
	if (r->only_shows)
		return 0;
	if (!is_confirmed(r))
		return 1;
	if (!apply(r, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	return judge(r);
}

/* ---- the words -------------------------------------------------------------- */

/* The last line of `crashbox estimate`, "crashkernel=64M". */
static bool estimated(char size[RESERVE_WORDS], struct err *e)
{
	static const char *const argv[] = { "/proc/self/exe", "estimate", "--no-earlier",
					    NULL };
	char out[8192];
	struct program p;
	const char *line;

	if (!run_program(&p, argv, out, sizeof(out), e))
		return false;
	line = p.status ? NULL : strstr(out, "\ncrashkernel=");
	if (!line)
		return fail(e, EIO, "crashbox estimate gives no size (%s): name one", p.said);
	line += strlen("\ncrashkernel=");
	snprintf(size, RESERVE_WORDS, "%.*s", (int)strcspn(line, "\n"), line);
	return true;
}

static const struct option_row options[] = {
	OPTION_FLAG("dry-run", struct reserving, only_shows,
		.help = "only show what would change"),
	OPTION_FLAG("yes", struct reserving, is_sure, .help = "do not ask"),
	OPTION_FLAG("undo", struct reserving, undoes, .help =
		"give the files that were changed the crashkernel= that they had before"),
	OPTION_ROOT(struct reserving, root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	char size[RESERVE_WORDS] = "";
	struct operands words;
	struct err e;
	struct reserving *r = guard_share(sizeof(*r), &e);

	if (!r)
		return log_info("%s", e.text), 1;
	r->root = "";
	if (!verb_options(&verb_reserve, r, argc, argv, &words))
		return 1;
	if (words.n > 1 || (r->undoes && words.n))
		return usage("reserve takes a SIZE, or --undo");
	if (!words.n && !r->undoes && !estimated(size, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (words.n)
		snprintf(size, sizeof(size), "%s", words.words[0]);
	if (!r->undoes && !reserve_size_is_good(size))
		return usage("reserve: '%s' is not what crashkernel= may be: 64M, or "
			     "512M-2G:64M,2G-:192M, or 1G,high", size);
	snprintf(r->words, sizeof(r->words), "crashkernel=%.*s", RESERVE_WORDS - 16, size);
	return reserve(r);
}

const struct verb verb_reserve = {
	.name = "reserve",
	.operands = "[SIZE]",
	.summary = "have the next boots put memory aside for a capture kernel",
	.options = options,
	.about =
"Puts crashkernel=SIZE, by default what `crashbox estimate` advises, in the place of any that\n"
"is there: into /etc/default/grub, /etc/update-extlinux.conf, /etc/default/u-boot,\n"
"/etc/kernel/cmdline, entries of the Boot Loader Specification, extlinux.conf, syslinux.cfg\n"
"and cmdline.txt, as far as they are there, and runs what makes the boot loader's files of\n"
"them. What would change is shown first.\n",
	.more =
"Exit status: 0, or 1 when it was not done, or the boot loader's files do not show it.\n",
	.run = run,
};
