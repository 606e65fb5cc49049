/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb load: arming this machine. */
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/log.h"
#include "config/config.h"
#include "image/volume_keys.h"
#include "kexec/boot_count.h"
#include "kexec/bootimage.h"
#include "kexec/kexec.h"
#include "kexec/loaded.h"
#include "kexec/trace_signals.h"
#include "load_plan.h"

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

/* With the keys of the targets' volumes, which are in no file. */
static bool load_with_keys(struct kexec_job *job, const char *config_path,
			   char sum[KEYS_SHA256], struct err *e)
{
	const struct age_recipients *to;
	struct keyed_image keyed;
	struct config config;
	bool ok;

	config_take(&config, config_path);
	to = encrypt_for_whom(&config.encrypt);
	if (to && !age_works(to, e))
		return false;
	if (!keyed_image_make(&keyed, &config, job->initrd, e))
		return false;
	job->initrd_now = keyed.fd >= 0 ? keyed.path : NULL;
	ok = kexec_load(job, e);
	job->initrd_now = NULL;
	memcpy(sum, keyed.sum, KEYS_SHA256);
	keyed_image_wipe(&keyed);
	return ok;
}

/* Loads it, and writes down what that was. */
static bool load_files(struct kexec_job *job, const char *config, struct err *e)
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
	if (!load_with_keys(job, config, l.keys_sha256, e))
		return false;
	snprintf(l.how, sizeof(l.how), job->how == KEXEC_BY_TOOLS ? "kexec-tools" : "syscall");
	snprintf(l.cmdline, sizeof(l.cmdline), "%s", job->cmdline);
	if (!boot_count_remember("", &note))
		log_warn("%s; boots are not counted", note.text);
	if (!loaded_write(&l, "", &note))
		log_warn("%s; `crashbox status` cannot tell what is loaded", note.text);
	loaded_keep("", job->initrd);
	log_info("%s and %s are loaded%s, the next panic goes there", job->kernel,
		 job->initrd, l.keys_sha256[0] ? ", with the keys of encrypted volumes" : "");
	return true;
}

/* What was loaded before, if its files still are what they were. */
static bool load_old(const struct loaded *old, const char *config, struct err *e)
{
	char image[HOST_PATH_MAX];
	struct kexec_job job = { old->kernel.path, image, NULL, old->cmdline,
				 strcmp(old->how, "syscall") ? KEXEC_BY_TOOLS
							     : KEXEC_BY_SYSCALL, false };

	if (!file_is_still(&old->kernel, old->kernel.path))
		return fail(e, ENOENT, "%s is another file by now", old->kernel.path);
	if (!loaded_image(old, "", image))
		return fail(e, ENOENT, "%s is another file by now", old->initrd.path);
	return load_files(&job, config, e);
}

/* NULL: nobody knows what it was. */
static void load_again(const struct loaded *old, const char *config)
{
	struct err e;

	log_info("the kernel has taken out what was loaded before");
	if (old) {
		if (load_old(old, config, &e))
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
	struct kexec_job job = { p->kernel, p->initrd, NULL, p->cmdline,
				 by_tools ? KEXEC_BY_TOOLS : KEXEC_BY_SYSCALL, w->no_checks };
	struct kexec_state before, after;
	struct loaded old;
	struct err e, ignored;
	bool is_known = loaded_read(&old, "", &ignored);

	kexec_state(&before, "");
	if (check_kernel(p, by_tools, &e) && load_files(&job, w->config_path, &e))
		return true;
	log_info("nothing new is loaded: %s", e.text);
	kexec_state(&after, "");
	if (before.loaded && !after.loaded)
		load_again(is_known ? &old : NULL, w->config_path);
	return false;
}

/* As asked for this time: what was armed by an earlier load does not stay behind. */
static void set_trace(const struct load_words *w)
{
	struct err e;

	if (w->trace_signals || w->standing.trace_signals) {
		if (trace_signals_arm("", &e))
			log_info("who sends a signal that ends a process is noted");
		else
			log_warn("%s; who sends signals is not noted", e.text);
	} else if (!trace_signals_disarm("", &e)) {
		log_warn("%s; who sends signals is noted still", e.text);
	}
}

/* Whoever loads the next time, the service at the next boot say, goes by the file alone. */
static void tell_passing(const struct load_words *w)
{
	struct arming hand = { .kexec_tools = w->tools,
			       .trace_signals = w->trace_signals };
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

static const struct option_row options[] = {
	OPTION_TEXT("kernel", "K", struct load_words, want.kernel, .help =
		"default: " OWN_KERNEL " if it is there and no signature is asked for, else "
		"the running kernel's own file"),
	OPTION_TEXT("initrd", "I", struct load_words, want.initrd,
		.help = "what `crashbox image` made (default " DEFAULT_IMAGE ")"),
	OPTION_TEXT("append", "WORDS", struct load_words, want.append,
		.help = "more for the command line, such as crashbox.level=16; they win"),
	OPTION_TEXT("remove", "WORDS", struct load_words, want.remove, .help =
		"words of the command line that are not to be in it: NAME, NAME=VALUE, or what "
		"begins like NAME*"),
	OPTION_TEXT("config", "FILE", struct load_words, config, .help =
		"whose keys kernel, append, remove, cpus, kexec_tools and trace_signals hold "
		"as well (default " DEFAULT_CONFIG "); an option that it lacks holds this time "
		"only"),
	OPTION_FLAG("kexec-tools", struct load_words, tools, .help =
		"have the program kexec do it, by the older kexec_load(2); done anyway where "
		"the kernel has no kexec_file_load(2)"),
	OPTION_FLAG("no-checks", struct load_words, no_checks, .joins = JOINS_IN, .help =
		"with --kexec-tools: no sum over the loaded image when the crash comes; arm64 "
		"takes long for it, with its caches off"),
	OPTION_FLAG("trace-signals", struct load_words, trace_signals, .help =
		"have the running kernel note who sends SIGKILL, SIGTERM, SIGABRT or SIGSEGV, "
		"in a trace ring of 64 KiB a CPU, which a report reads; unload takes it away"),
	OPTION_FLAG("dry-run", struct load_words, dry_run,
		.help = "load nothing, do what `crashbox show` does"),
	OPTION_FLAG("command-line", struct load_words, only_cmdline),	/* as for show */
	OPTION_ROOT(struct load_words, want.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct load_words w = { .want.root = "" };
	struct plan p;

	if (!load_plan(&p, &w, &verb_load, argc, argv))
		return 1;
	if (w.dry_run || w.only_cmdline)
		return load_plan_show(&p, &w);
	if (w.want.root[0])
		return usage("load: --root shows, and never loads");
	if (!load(&p, &w))
		return 1;
	set_trace(&w);
	tell_passing(&w);
	return 0;
}

const struct verb verb_load = {
	.name = "load",
	.operands = "",
	.summary = "arm this machine: the next panic goes to crashbox",
	.options = options,
	.about =
"Puts a capture kernel and an image into the memory that crashkernel= has reserved, in\n"
"place of what was loaded before. Its command line is that of the running kernel, less\n"
"what harms a small kernel, plus what helps it; `crashbox show` prints it.\n",
	.more =
"Exit status: 0 loaded, 1 not; what `crashbox load` had loaded before stays then, or is\n"
"loaded again, as the kernel lets go of it before it looks at the new one.\n",
	.run = run,
};
