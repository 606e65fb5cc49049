/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arming this machine, disarming it, and showing what that would be. */
#include "verb.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "config/config.h"
#include "kexec/boot_count.h"
#include "kexec/bootimage.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "kexec/plan.h"

struct load_words {
	struct plan_want want;
	const char *config;
	char config_path[HOST_PATH_MAX];
	struct arming standing;		/* what the configuration says */
	bool tools, no_checks, dry_run, only_cmdline;
};

/* ---- what would be done ----------------------------------------------------- */

/* "kernel     FACTS"; a kernel that is not there is not shown as if it were. */
static bool show_kernel(const struct plan *p)
{
	struct bootimage b;
	struct err e;
	char len[32], run[32];

	printf("kernel    %s\n", p->kernel);
	if (!bootimage_open(&b, p->kernel, &e)) {
		log_info("%s", e.text);
		return false;
	}
	format_bytes(b.len, len, sizeof(len));
	format_bytes(b.run_len, run, sizeof(run));
	printf("          Linux %s, %s, takes %s to start; %s\n",
	       b.version[0] ? b.version : "of an unknown version", len, run, p->why);
	bootimage_close(&b);
	return true;
}

static bool show_image(const struct plan *p)
{
	struct file_fact f;
	struct err e;
	char len[32];

	printf("image     %s\n", p->initrd);
	if (!file_fact(&f, p->initrd, &e)) {
		log_info("image %s (crashbox image makes it)", e.text);
		return false;
	}
	format_bytes(f.size, len, sizeof(len));
	printf("          %s, sha256 %.16s...\n", len, f.sha256);
	return true;
}

static void show_words(const struct plan *p)
{
	const char *at = p->running, *word;
	char one[256];
	size_t len;

	printf("command   %s\n", p->cmdline);
	while (cmdline_word(&at, &word, &len)) {
		const char *why;

		snprintf(one, sizeof(one), "%.*s", (int)(len < 255 ? len : 255), word);
		why = cmdline_dropped(one, p->remove);
		if (why)
			printf("left out  %s: %s\n", one, why);
	}
}

static bool show_targets(const char *path)
{
	struct config config;
	struct err e;

	config_init(&config);
	if (!config_file(&config, path, NULL, &e)) {
		log_info("%s", e.text);
		return false;
	}
	for (unsigned i = 0; i < config.n_targets; i++)
		printf("target %u  %s\n", i + 1, config.targets[i]);
	return true;
}

static int show(const struct plan *p, const struct load_words *w)
{
	struct kexec_state state;
	char size[32];
	bool ok = true;

	if (w->only_cmdline) {
		puts(p->cmdline);
		return 0;
	}
	ok &= show_kernel(p);
	ok &= show_image(p);
	show_words(p);
	ok &= show_targets(w->config_path);
	kexec_state(&state, w->want.root);
	format_bytes(state.reserved, size, sizeof(size));
	printf("reserved  %s%s\n",
	       state.reserved ? size : "nothing: boot with crashkernel=SIZE",
	       state.loaded ? ", something is loaded" : "");
	return ok ? 0 : 1;
}

/* ---- doing it --------------------------------------------------------------- */

/* The kernel's own answer to a bad file is one number; better to know before. */
static bool check_kernel(const struct plan *p, bool by_tools, struct err *e)
{
	char longest[CMDLINE_LONGEST];
	struct bootimage b;
	bool fits;

	if (!bootimage_open(&b, p->kernel, e))
		return by_tools && e->code == ENOEXEC;	/* kexec-tools know more kinds */
	fits = !b.cmdline_max || strlen(p->cmdline) <= b.cmdline_max;
	cmdline_longest(p->cmdline, longest);
	if (!fits)
		fail(e, E2BIG, "kernel %s: takes a command line of %u characters, this one has "
		     "%zu: shorten --append, or --remove the longest words: %s", p->kernel,
		     b.cmdline_max, strlen(p->cmdline), longest);
	bootimage_close(&b);
	return fits;
}

/* Loads it, and writes down what that was. */
static bool load_files(struct kexec_job *job, struct err *e)
{
	struct loaded l = { .when = time(NULL) };
	struct err note;

	if (!file_fact(&l.kernel, job->kernel, e))
		return false;
	if (!file_fact(&l.initrd, job->initrd, e)) {
		within(e, "image");
		if (e->code == ENOENT)
			snprintf(e->text + strlen(e->text), sizeof(e->text) - strlen(e->text),
				 " (crashbox image makes it)");
		return false;
	}
	if (!kexec_load(job, e))
		return false;
	snprintf(l.how, sizeof(l.how), job->how == KEXEC_BY_TOOLS ? "kexec-tools" : "syscall");
	snprintf(l.cmdline, sizeof(l.cmdline), "%s", job->cmdline);
	if (!boot_count_remember("", &note))
		log_warn("%s; boots are not counted", note.text);
	if (!loaded_write(&l, "", &note))
		log_warn("%s; `crashbox status` cannot tell what is loaded", note.text);
	loaded_keep("", job->initrd);
	log_info("%s and %s are loaded, the next panic goes there", job->kernel, job->initrd);
	return true;
}

/* What was loaded before, if its files still are what they were. */
static bool load_old(const struct loaded *old, struct err *e)
{
	char image[HOST_PATH_MAX];
	struct kexec_job job = { old->kernel.path, image, old->cmdline,
				 strcmp(old->how, "syscall") ? KEXEC_BY_TOOLS
							     : KEXEC_BY_SYSCALL, false };

	if (!file_is_still(&old->kernel, old->kernel.path))
		return fail(e, ENOENT, "%s is another file by now", old->kernel.path);
	if (!loaded_image(old, "", image))
		return fail(e, ENOENT, "%s is another file by now", old->initrd.path);
	return load_files(&job, e);
}

/* NULL: nobody knows what it was. */
static void load_again(const struct loaded *old)
{
	struct err e;

	log_info("the kernel has taken out what was loaded before");
	if (old) {
		if (load_old(old, &e))
			return;
		log_info("it cannot be loaded again: %s", e.text);
	}
	loaded_forget("");
	log_info("nothing is loaded now, the next panic is not captured");
}

/*
 * There is one piece of memory for the old one and the new one: once the kernel has been
 * asked, the old one is gone whatever comes of it (Linux kernel/kexec_file.c).
 */
static bool load(const struct plan *p, const struct load_words *w)
{
	bool by_tools = w->tools || w->standing.kexec_tools;
	struct kexec_job job = { p->kernel, p->initrd, p->cmdline,
				 by_tools ? KEXEC_BY_TOOLS : KEXEC_BY_SYSCALL, w->no_checks };
	struct kexec_state before, after;
	struct loaded old;
	struct err e, ignored;
	bool is_known = loaded_read(&old, "", &ignored);

	kexec_state(&before, "");
	if (check_kernel(p, by_tools, &e) && load_files(&job, &e))
		return true;
	log_info("nothing new is loaded: %s", e.text);
	kexec_state(&after, "");
	if (before.loaded && !after.loaded)
		load_again(is_known ? &old : NULL);
	return false;
}

/* -1: go on; else an exit status. */
static int parse(struct load_words *w, int argc, char **argv)
{
	static const struct option options[] = {
		{ "kernel", required_argument, NULL, 'k' },
		{ "initrd", required_argument, NULL, 'i' },
		{ "append", required_argument, NULL, 'a' },
		{ "remove", required_argument, NULL, 'x' },
		{ "config", required_argument, NULL, 'f' },
		{ "kexec-tools", no_argument, NULL, 't' },
		{ "no-checks", no_argument, NULL, 'q' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "command-line", no_argument, NULL, 'l' },
		{ "root", required_argument, NULL, 'r' },	/* for tests */
		{ 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'k': w->want.kernel = optarg; break;
		case 'i': w->want.initrd = optarg; break;
		case 'a': w->want.append = optarg; break;
		case 'x': w->want.remove = optarg; break;
		case 'f': w->config = optarg; break;
		case 't': w->tools = true; break;
		case 'q': w->no_checks = true; break;
		case 'n': w->dry_run = true; break;
		case 'l': w->only_cmdline = true; break;
		case 'r': w->want.root = optarg; break;
		default:
			return usage("%s: unknown option or missing value: %s", argv[0],
				     argv[optind - 1]);
		}
	}
	if (argc != optind)
		return usage("%s: what is '%s'? It takes options only", argv[0], argv[optind]);
	if (w->no_checks && !w->tools)
		return usage("%s: --no-checks is for --kexec-tools", argv[0]);
	return -1;
}

/* Whoever loads the next time, the service at the next boot say, goes by the file alone. */
static void tell_passing(const struct load_words *w)
{
	struct arming hand = { .kexec_tools = w->tools };
	const struct arming_word named[] = {
		{ "kernel", w->want.kernel }, { "append", w->want.append },
		{ "remove", w->want.remove },
	};
	char line[ARMING_LINE];
	struct err e;

	if (!arming_by_hand(&hand, named, sizeof(named) / sizeof(named[0]), &e))
		log_info("this holds until something is loaded the next time, at boot say, and "
			 "%s cannot make it last: %s", w->config_path, e.text);
	else if (arming_lacks(&w->standing, &hand, line))
		log_info("this holds until something is loaded the next time, at boot say; "
			 "'%s' in %s makes it last", line, w->config_path);
	else if (w->want.initrd && strcmp(w->want.initrd, DEFAULT_IMAGE))
		log_info("this holds until something is loaded the next time, at boot say, "
			 "which is " DEFAULT_IMAGE);
}

static int run(int argc, char **argv, bool only_show)
{
	struct load_words w = { .want.root = "", .dry_run = only_show };
	struct plan p;
	struct err e;
	int bad = parse(&w, argc, argv);

	if (bad >= 0)
		return bad;
	if (!root_choose(w.config_path, w.want.root, w.config, DEFAULT_CONFIG, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	plan_standing(&w.standing, w.config_path);
	w.want.standing = &w.standing;
	if (!plan_make(&p, &w.want, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (w.dry_run || w.only_cmdline)
		return show(&p, &w);
	if (w.want.root[0])
		return usage("load: --root shows, and never loads");
	if (!load(&p, &w))
		return 1;
	tell_passing(&w);
	return 0;
}

static int run_load(int argc, char **argv)
{
	return run(argc, argv, false);
}

static int run_show(int argc, char **argv)
{
	return run(argc, argv, true);
}

static int run_unload(int argc, char **argv)
{
	struct err e;

	if (argc != 1)
		return usage("unload takes nothing, not '%s'", argv[1]);
	if (!kexec_unload(&e)) {
		log_info("%s", e.text);
		return 1;
	}
	loaded_forget("");
	log_info("nothing is loaded now, the next panic is not captured");
	return 0;
}

const struct verb verb_load = {
	.name = "load",
	.usage = "[--kernel K] [--initrd I] [--append WORDS] [--remove WORDS]\n"
		 "[--config FILE] [--kexec-tools [--no-checks]] [--dry-run]",
	.summary = "arm this machine: the next panic goes to crashbox",
	.help =
"Puts a capture kernel and an image into the memory that crashkernel= has reserved, in\n"
"place of what was loaded before. Its command line is that of the running kernel, less\n"
"what harms a small kernel, plus what helps it; `crashbox show` prints it.\n"
"\n"
"  --kernel K     default: " OWN_KERNEL " if it is there and no\n"
"                 signature is asked for, else the running kernel's own file\n"
"  --initrd I     what `crashbox image` made (default " DEFAULT_IMAGE ")\n"
"  --append WORDS more for the command line, such as crashbox.level=16; they win\n"
"  --remove WORDS words of the command line that are not to be in it: NAME, NAME=VALUE,\n"
"                 or what begins like NAME*\n"
"  --config FILE  whose keys kernel, append, remove and kexec_tools hold as well (default\n"
"                 " DEFAULT_CONFIG "); an option that it lacks holds this time only\n"
"  --kexec-tools  have the program kexec do it, by the older kexec_load(2); done\n"
"                 anyway where the kernel has no kexec_file_load(2)\n"
"  --no-checks    with --kexec-tools: no sum over the loaded image when the crash\n"
"                 comes; arm64 takes long for it, with its caches off\n"
"  --dry-run      load nothing, do what `crashbox show` does\n"
"\n"
"Exit status: 0 loaded, 1 not; what `crashbox load` had loaded before stays then, or is\n"
"loaded again, as the kernel lets go of it before it looks at the new one.\n",
	.run = run_load,
};

const struct verb verb_unload = {
	.name = "unload",
	.usage = "",
	.summary = "disarm this machine",
	.help = "Exit status: 0 nothing is loaded any more, 1 it could not be taken out.\n",
	.run = run_unload,
};

const struct verb verb_show = {
	.name = "show",
	.usage = "[--kernel K] [--initrd I] [--append WORDS] [--remove WORDS]\n"
		 "[--config FILE] [--command-line]",
	.summary = "what `load` would load, and with which command line",
	.help =
"Options as for `load`; it also says which words of the running kernel are left out,\n"
"and why.\n"
"\n"
"  --command-line print the command line and nothing else\n"
"\n"
"Exit status: 0 all of it is there, 1 something is missing.\n",
	.run = run_show,
};
