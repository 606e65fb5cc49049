/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that look at a core or a dump. */
#include "verb.h"

#include <getopt.h>
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "inspect.h"
#include "log_levels.h"

static int run_dmesg(int argc, char **argv)
{
	static const struct option options[] = {
		{ "level", required_argument, NULL, 'l' },
		{ "facility", required_argument, NULL, 'f' },
		{ "decode", no_argument, NULL, 'x' },
		{ "caller", no_argument, NULL, 'c' },
		{ 0 },
	};
	struct log_choice choice = { 0 };
	struct err e;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "l:f:x", options, NULL)) != -1) {
		if (c == 'l' && !levels_parse(optarg, &choice.levels, &e))
			return usage("--level: %s", e.text);
		if (c == 'f' && !facilities_parse(optarg, &choice.facilities, &e))
			return usage("--facility: %s", e.text);
		if (c == 'x')
			choice.decode = true;
		if (c == 'c')
			choice.callers = true;
		if (c == '?')
			return usage("dmesg: unknown option or missing value: %s",
				     argv[optind - 1]);
	}
	if (argc - optind != 1)
		return usage("dmesg takes a CORE or a DUMP");
	return inspect_dmesg(argv[optind], &choice);
}

static int run_info(int argc, char **argv)
{
	bool json = argc == 3 && (!strcmp(argv[1], "--json") || !strcmp(argv[2], "--json"));

	if ((argc != 2 && !json) || argv[1 + (json && !strcmp(argv[1], "--json"))][0] == '-')
		return usage("info takes a CORE or a DUMP, and --json");
	return inspect_info(!json || strcmp(argv[1], "--json") ? argv[1] : argv[2], json);
}

static int run_check(int argc, char **argv)
{
	return argc == 2 && argv[1][0] != '-' ? inspect_check(argv[1])
					      : usage("check takes a DUMP");
}

const struct verb verb_dmesg = {
	.name = "dmesg",
	.usage = "[-x] [--caller] [-l LEVELS] [-f FACILITIES] CORE|DUMP",
	.summary = "print the log of the crashed kernel",
	.help =
"  -l err,warn  only these: emerg alert crit err warn notice info debug;\n"
"               err+ is err and all that is graver, +err err and all that is less so\n"
"  -f kern,user only what the kernel said, or programs through /dev/kmsg\n"
"  -x           show facility and level of each line\n"
"  --caller     show who said it, a thread [   T12] or a CPU [    C0]\n",
	.run = run_dmesg,
};

const struct verb verb_info = {
	.name = "info",
	.usage = "CORE|DUMP [--json]",
	.summary = "what it is, whose, of when, and why",
	.help = "",
	.run = run_info,
};

const struct verb verb_check = {
	.name = "check",
	.usage = "DUMP",
	.summary = "read all of a dump, and say whether it is whole",
	.help =
"Exit status: 0 whole, 1 damaged, 2 incomplete, 3 of a kind that is not read here.\n",
	.run = run_check,
};
