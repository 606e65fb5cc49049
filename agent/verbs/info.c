/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb info: what a core or a dump is. */
#include "verb.h"

#include "dump/kdumpset.h"
#include "inspect.h"

struct info_words {
	bool as_json;
};

static const struct option_row options[] = {
	OPTION_FLAG("json", struct info_words, as_json, .help = ""),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct info_words w = { .as_json = false };
	struct operands words;

	if (!verb_options(&verb_info, &w, argc, argv, &words))
		return 1;
	if (!words.n)
		return usage("info takes a CORE or a DUMP, and --json");
	return inspect_info(&(struct kdump_paths){ words.words, words.n }, w.as_json);
}

const struct verb verb_info = {
	.name = "info",
	.operands = "CORE|DUMP...",
	.summary = "what it is, whose, of when, and why",
	.options = options,
	.about = INSPECT_FILES,
	.more = "",
	.run = run,
};
