/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the verb that was asked for, and helps. */
#include "dispatch.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "verb.h"
#include "vm/guest.h"
#include "vm/guest_words.h"

static const struct verb *const verbs[] = {
#define VERB(name) &verb_##name,
#include "verbs.h"
#undef VERB
};

static const struct verb *verb_named(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(name, verbs[i]->name))
			return verbs[i];
	return NULL;
}

static void print_usage(const struct verb *verb)
{
	int len = printf("  crashbox %s", verb->name);

	options_usage(verb->options, verb->operands, len + 1);
}

static int help_on(const struct verb *verb)
{
	print_usage(verb);
	printf("        %s\n", verb->summary);
	if (verb->about[0])
		printf("\n%s", verb->about);
	options_help(verb->options);
	if (verb->more[0])
		printf("\n%s", verb->more);
	return 0;
}

static int help(void)
{
	fputs("crashbox - the black box of a Linux machine\n\nusage:\n", stdout);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		print_usage(verbs[i]);
		printf("        %s\n", verbs[i]->summary);
	}
	fputs("  crashbox VERB --help | --help | --version\n"
	      "\n"
	      "CORE is /proc/vmcore or a copy of it, DUMP a kdump-compressed file.\n"
	      "\n"
	      "As PID 1 it saves /proc/vmcore as /etc/crashbox.conf and the words\n"
	      "crashbox.KEY=VALUE of the kernel command line say, and reboots.\n", stdout);
	return 0;
}

static bool asks_for_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

int dispatch(int argc, char **argv)
{
	const struct verb *verb = NULL;

	if (getpid() == 1 && argc && !strcmp(argv[0], "/" GUEST_INIT))
		guest_main();
	if (argc < 2)
		return usage("what shall be done?");
	if (asks_for_help(argv[1]) && argc < 3)
		return help();
	if (asks_for_help(argv[1]))
		return (verb = verb_named(argv[2])) ? help_on(verb)
						    : usage("unknown verb '%s'", argv[2]);
	verb = verb_named(argv[1]);
	if (!verb)
		return usage("unknown verb '%s'", argv[1]);
	if (argc > 2 && !strcmp(argv[2], "--help"))
		return help_on(verb);
	return verb->run(argc - 1, argv + 1);
}
