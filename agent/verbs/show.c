/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb show: what arming this machine would be. */
#include "verb.h"

#include "load_plan.h"

/* Those of load, as it shows what they do. */
static const struct option_row options[] = {
	OPTION_TEXT("kernel", "K", struct load_words, want.kernel, .help = ""),
	OPTION_TEXT("initrd", "I", struct load_words, want.initrd, .help = ""),
	OPTION_TEXT("append", "WORDS", struct load_words, want.append, .help = ""),
	OPTION_TEXT("remove", "WORDS", struct load_words, want.remove, .help = ""),
	OPTION_TEXT("config", "FILE", struct load_words, config, .help = ""),
	OPTION_FLAG("kexec-tools", struct load_words, tools),
	OPTION_FLAG("no-checks", struct load_words, no_checks),
	OPTION_FLAG("dry-run", struct load_words, dry_run),
	OPTION_FLAG("command-line", struct load_words, only_cmdline,
		.help = "print the command line and nothing else"),
	OPTION_ROOT(struct load_words, want.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct load_words w = { .want.root = "" };
	struct plan p;

	return load_plan(&p, &w, &verb_show, argc, argv) ? load_plan_show(&p, &w) : 1;
}

const struct verb verb_show = {
	.name = "show",
	.operands = "",
	.summary = "what `load` would load, and with which command line",
	.options = options,
	.about =
"Options as for `load`; it also says which words of the running kernel are left out,\n"
"and why.\n",
	.more = "Exit status: 0 all of it is there, 1 something is missing.\n",
	.run = run,
};
