/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks about in a core or a dump, by one command or by many from standard input. */
#include "verb.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dump/kdumpset.h"
#include "inspect.h"

#define LINE_MAX_LEN 1024

struct look_options {
	const char *known;
};

static const struct option_row options[] = {
	OPTION_KNOWN(struct look_options, known),
	OPTION_END_IN_FRONT
};

/* "bt -a" of the words from the i-th on. */
static bool join(const struct operands *words, unsigned from, char line[LINE_MAX_LEN])
{
	size_t len = 0;

	for (unsigned i = from; i < words->n && len < LINE_MAX_LEN; i++)
		len += snprintf(line + len, LINE_MAX_LEN - len, "%s%s", i > from ? " " : "",
				words->words[i]);
	return len < LINE_MAX_LEN;
}

static int run(int argc, char **argv)
{
	struct look_options o = { .known = NULL };
	char line[LINE_MAX_LEN] = "";
	struct kdump_paths files;
	struct operands words;

	if (!verb_options(&verb_look, &o, argc, argv, &words))
		return 1;
	if (!words.n)
		return usage("look takes a CORE or a DUMP, and a command");
	files = (struct kdump_paths){ words.words, words.n };
	files.n = kdump_set_count(&files);
	if (!join(&words, files.n, line))
		return usage("look: a command that is too long");
	return inspect_look(&files, o.known, line);
}

const struct verb verb_look = {
	.name = "look",
	.operands = "CORE|DUMP... [COMMAND [WORD]...]",
	.summary = "look about in it: bt, ps, files, mod, sym, dis, struct, log",
	.options = options,
	.about = INSPECT_FILES
"Without a COMMAND they are read from standard input, one a line. `help` lists them;\n"
"their names are those of crash(8). What stands behind the CORE or DUMP is the COMMAND's:\n"
"crashbox look vmcore bt -a\n"
"\n"
"A machine that hangs and lives is looked at by /proc/kcore: what waits for whom, requests\n"
"that disks do not answer. What runs changes meanwhile, so that it has no stack, and of a\n"
"task that has run since it was read nothing is said. Where the kernel is locked down for\n"
"confidentiality nobody may read that.\n"
"\n"
"`ps -m` has days and time since each task last got a CPU, by the clock of that CPU, which\n"
"stands still while it idles; who ran last comes first.\n"
"\n"
"`dis` is no disassembler: of each instruction it shows the address, the bytes, the memory\n"
"that it names, by its registers, and where it jumps to. A name alone is its whole function.\n",
	.more = "",
	.run = run,
};
