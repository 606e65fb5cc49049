/* SPDX-License-Identifier: GPL-2.0-or-later */
/* makedumpfile's options, as all of kdump's dialects have them, become level and codec. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import.h"

static void put_level(struct import *m, const char *text)
{
	char *end;
	unsigned long level = strtoul(text, &end, 10);

	if (end == text || level > 31) {
		import_note(m, NOTE_LOST, "-d %s: not a level from 0 to 31", text);
		return;
	}
	import_put(m, "level %lu", level);
	if (*end)
		import_note(m, NOTE_CHANGED, "-d %s: only %lu is tried; pages are "
			    "counted before anything is written", text, level);
}

/* Options of makedumpfile that have a value in the word behind them. */
static bool has_value(const char *option)
{
	static const char *const options[] = {
		"-d", "--message-level", "--num-threads", "--cyclic-buffer", "-x",
		"-i", "-g",
		"--splitblock-size", "--work-dir", "--config", "--diskset",
		"--partial-dmesg",
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strcmp(option, options[i]))
			return true;
	return false;
}

static void take_option(struct import *m, const char *option,
			const char *value)
{
	if (!strncmp(option, "-d", 2))
		put_level(m, option[2] ? option + 2 : value);
	else if (!strcmp(option, "-c"))
		import_put(m, "codec zlib");
	else if (!strcmp(option, "-z"))
		import_put(m, "codec zstd");
	else if (!strcmp(option, "-l") || !strcmp(option, "-p"))
		import_note(m, NOTE_CHANGED, "%s: %s is not written, zstd is, "
			    "which is smaller", option,
			    option[1] == 'l' ? "lzo" : "snappy");
	else if (!strcmp(option, "-F"))
		import_note(m, NOTE_CHANGED, "-F: the dump arrives in its normal "
			    "form");
	else if (!strcmp(option, "--num-threads"))
		import_put(m, "workers %s", strcmp(value, "0") ? value : "1");
	else
		import_note(m, NOTE_LOST, "%s%s%s: there is nothing like it", option,
			    *value ? " " : "", value);
}

bool import_options(struct import *m, const char *options)
{
	char words[512], *save, *word;
	bool has_level = false;

	snprintf(words, sizeof(words), "%s", options);
	for (word = strtok_r(words, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		const char *value = has_value(word) ? strtok_r(NULL, " \t", &save) : "";

		take_option(m, word, value ? value : "");
		has_level |= !strncmp(word, "-d", 2);
	}
	return has_level;
}

void import_collector(struct import *m, const char *command)
{
	const char *options = command + strspn(command, " \t");
	char program[128] = "makedumpfile";
	const char *name = program;

	if (*options && *options != '-') {
		size_t len = strcspn(options, " \t");

		snprintf(program, sizeof(program), "%.*s", (int)len, options);
		name = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
		options += len;
	}
	if (strcmp(name, "makedumpfile")) {
		import_put(m, "level 0");
		import_note(m, NOTE_CHANGED, "'%s' filters nothing, so nothing is "
			    "left out; that is large, 'level 31' is usual", program);
	} else if (!import_options(m, options)) {
		import_put(m, "level 0");
		import_note(m, NOTE_CHANGED, "without -d makedumpfile leaves nothing "
			    "out; that is large, 'level 31' is usual");
	}
}
