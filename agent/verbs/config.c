/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mistake in the configuration is to be found here, not on the day of the crash. */
#include "verb.h"

#include "base/err.h"
#include "base/log.h"
#include "config/config.h"

static int run(int argc, char **argv)
{
	struct config config;
	struct err e;

	if (argc != 2 || argv[1][0] == '-')
		return usage("config takes a FILE%s%s", argc == 2 ? ", not " : "",
			     argc == 2 ? argv[1] : "");
	config_init(&config);
	if (!config_file(&config, argv[1], NULL, &e) ||
	    (!config_check(&config, &e) && !within(&e, "%s", argv[1]))) {
		log_info("%s", e.text);
		return 1;
	}
	config_print(&config);
	return 0;
}

const struct verb verb_config = {
	.name = "config",
	.usage = "FILE",
	.summary = "check a configuration and print it",
	.help = "",
	.run = run,
};
