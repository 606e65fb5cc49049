/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb dmesg: the log of the crashed kernel. */
#include "verb.h"

#include "base/err.h"
#include "dump/kdumpset.h"
#include "inspect.h"
#include "log_levels.h"

static bool take_levels(void *into, const char *value, struct err *e)
{
	return levels_parse(value, &((struct log_choice *)into)->levels, e);
}

static bool take_facilities(void *into, const char *value, struct err *e)
{
	return facilities_parse(value, &((struct log_choice *)into)->facilities, e);
}

static const struct option_row options[] = {
	OPTION_FLAG("decode", struct log_choice, decode, .letter = 'x',
		.help = "show facility and level of each line"),
	OPTION_FLAG("caller", struct log_choice, callers,
		.help = "show who said it, a thread [T12] or a CPU [C0]"),
	OPTION_CALL("level", "LEVELS", take_levels, .letter = 'l', .help =
		"such as err,warn: only these: emerg alert crit err warn notice info debug; "
		"err+ is err and all that is graver, +err err and all that is less so"),
	OPTION_CALL("facility", "FACILITIES", take_facilities, .letter = 'f', .help =
		"such as kern,user: only what the kernel said, or programs through /dev/kmsg"),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct log_choice choice = { 0 };
	struct operands words;

	if (!verb_options(&verb_dmesg, &choice, argc, argv, &words))
		return 1;
	if (!words.n)
		return usage("dmesg takes a CORE or a DUMP");
	return inspect_dmesg(&(struct kdump_paths){ words.words, words.n }, &choice);
}

const struct verb verb_dmesg = {
	.name = "dmesg",
	.operands = "CORE|DUMP...",
	.summary = "print the log of the crashed kernel",
	.options = options,
	.about = INSPECT_FILES,
	.more = "",
	.run = run,
};
