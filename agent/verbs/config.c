/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mistake in the configuration is to be found here, not on the day of the crash. */
#include "verb.h"

#include "base/err.h"
#include "base/log.h"
#include "config/config.h"

static const struct option_row options[] = { OPTION_END };

static int run(int argc, char **argv)
{
	struct operands words;
	struct config config;
	const char *file;
	struct err e;

	if (!verb_options(&verb_config, NULL, argc, argv, &words))
		return 1;
	if (words.n != 1)
		return usage("config takes a FILE");
	file = words.words[0];
	config_init(&config);
	if (!config_file(&config, file, NULL, &e) ||
	    (!config_check(&config, &e) && !within(&e, "%s", file))) {
		log_info("%s", e.text);
		return 1;
	}
	config_print(&config);
	return 0;
}

const struct verb verb_config = {
	.name = "config",
	.operands = "FILE",
	.summary = "check a configuration and print it",
	.options = options,
	.about = "",
	.more = "",
	.run = run,
};
