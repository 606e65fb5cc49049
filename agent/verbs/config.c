/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb config. A mistake in the configuration is to be found here, not on the day of
 * the crash.
 */
#include "verb.h"

#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "config/config.h"

#define KEY_COLUMN 8

struct config_words {
	bool keys;
};

static const struct option_row options[] = {
	OPTION_FLAG("keys", struct config_words, keys, .joins = JOINS_LATER,
		.help = "print what keys there are, with what each means"),
	OPTION_END
};

static void print_key(const struct key_help *k)
{
	char term[80], initial[40] = "";

	snprintf(term, sizeof(term), "%s %s", k->key, k->value);
	if (k->initial)
		snprintf(initial, sizeof(initial), "Default: %s.", k->initial);
	help_item(term, KEY_COLUMN, k->help, initial);
}

/* Those of a capture, and behind an empty line those of load and image. */
static void print_keys(void)
{
	const struct key_help *k;

	for (unsigned i = 0; (k = config_key_help(i)); i++)
		print_key(k);
	putchar('\n');
	for (unsigned i = 0; (k = arming_key_help(i)); i++)
		print_key(k);
}

static int run(int argc, char **argv)
{
	struct config_words w = { .keys = false };
	struct operands words;
	struct config config;
	const char *file;
	struct err e;

	if (!verb_options(&verb_config, &w, argc, argv, &words))
		return 1;
	if (words.n != !w.keys)
		return usage("config takes a FILE, or --keys");
	if (w.keys) {
		print_keys();
		return 0;
	}
	file = words.words[0];
	config_init(&config);
	if (!config_file(&config, file, &e) ||
	    (!config_check(&config, &e) && !within(&e, "%s", file))) {
		log_info("%s", e.text);
		return 1;
	}
	config_print(&config);
	return 0;
}

const struct verb verb_config = {
	.name = "config",
	.operands = "FILE | --keys",
	.summary = "check a configuration and print it",
	.options = options,
	.about = "",
	.more = "",
	.run = run,
};
