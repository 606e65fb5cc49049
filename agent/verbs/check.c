/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb check: all of a dump, read back. */
#include "verb.h"

#include "dump/kdumpset.h"
#include "inspect.h"

static const struct option_row options[] = { OPTION_END };

static int run(int argc, char **argv)
{
	struct operands words;

	if (!verb_options(&verb_check, NULL, argc, argv, &words))
		return 1;
	if (!words.n)
		return usage("check takes a CORE or a DUMP");
	return inspect_check(&(struct kdump_paths){ words.words, words.n });
}

const struct verb verb_check = {
	.name = "check",
	.operands = "CORE|DUMP...",
	.summary = "read all of a dump, and say whether it is whole",
	.options = options,
	.about = INSPECT_FILES,
	.more =
"Exit status: 0 whole, 1 damaged, 2 incomplete, 3 of a kind that is not read here.\n",
	.run = run,
};
