/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verbs/options: what is taken out of a command line, what is left, and what is refused. */
#include "verbs/options.h"

#include <errno.h>

#include "base/err.h"
#include "t.h"

struct answers {
	bool json, jump;
	const char *file;
	char many[40];
};

static bool take_net(void *into, const char *value, struct err *e)
{
	struct answers *a = into;

	if (!strcmp(value, "bad"))
		return fail(e, EINVAL, "'%s' is bad", value);
	strcat(strcat(a->many, value), "+");
	return true;
}

static const struct option_row rows[] = {
	OPTION_FLAG("json", struct answers, json, .letter = 'j'),
	OPTION_FLAG("jump", struct answers, jump),
	OPTION_TEXT("file", "F", struct answers, file, .letter = 'f'),
	OPTION_TEXT("file-of-all", "F", struct answers, file),
	OPTION_CALL("net", "N", take_net),
	OPTION_END
};

static const struct {
	const char *name, *line, *got, *error;
} cases[] = {
	{ "nothing", "", "json 0 jump 0 file - many  options 0 words", NULL },
	{ "words", "a b", "json 0 jump 0 file - many  options 0 words a b", NULL },
	{ "options behind words", "a --json b --file x", "json 1 jump 0 file x many  options 2 "
	  "words a b", NULL },
	{ "= and blank", "--file=x=y --net 1 --net=2", "json 0 jump 0 file x=y many 1+2+ "
	  "options 3 words", NULL },
	{ "the last one holds", "--file a --file b", "json 0 jump 0 file b many  options 2 "
	  "words", NULL },
	{ "an empty value", "--file= a", "json 0 jump 0 file  many  options 1 words a", NULL },
	{ "a value that looks like an option", "--file --json", "json 0 jump 0 file --json "
	  "many  options 1 words", NULL },
	{ "cut", "--js --n 1", "json 1 jump 0 file - many 1+ options 2 words", NULL },
	{ "whole, and another's beginning", "--file x", "json 0 jump 0 file x many  options 1 "
	  "words", NULL },
	{ "letters", "-jf x -fy", "json 1 jump 0 file y many  options 3 words", NULL },
	{ "-- ends them", "--json -- --jump -j", "json 1 jump 0 file - many  options 1 "
	  "words --jump -j", NULL },
	{ "- is a word", "- --json", "json 1 jump 0 file - many  options 1 words -", NULL },
	{ "unknown", "a --krenel b", NULL, "unknown option or missing value: --krenel" },
	{ "cut too short", "--j", NULL, "unknown option or missing value: --j" },
	{ "unknown letter", "-jx", NULL, "unknown option or missing value: -jx" },
	{ "no value", "a --file", NULL, "unknown option or missing value: --file" },
	{ "no value for a letter", "-jf", NULL, "unknown option or missing value: -jf" },
	{ "a value that a flag has not", "--json=1", NULL,
	  "unknown option or missing value: --json=1" },
	{ "a bad value", "--net bad", NULL, "--net: 'bad' is bad" },
};

/* What stands behind the first operand is the operand's. */
static void in_front(void)
{
	static const struct option_row front[] = {
		OPTION_FLAG("json", struct answers, json, .letter = 'j'),
		OPTION_END_IN_FRONT
	};
	static const struct {
		const char *row, *line, *words;
		bool json;
	} lines[] = {
		{ "a command's own options", "file bt -j --json", "file bt -j --json", false },
		{ "in front of all", "-j file bt -a", "file bt -a", true },
		{ "marked", "file -- bt -a --", "file bt -a --", false },
		{ "marked in front", "-j -- -a file", "-a file", true },
	};

	for (size_t i = 0; i < T_SIZE(lines); i++) {
		char text[100], verb[] = "verb", *argv[20] = { verb }, got[100] = "";
		struct answers a = { .many = "" };
		struct operands words;
		struct err e;
		int argc = 1;

		snprintf(text, sizeof(text), "%s", lines[i].line);
		for (char *rest, *word = strtok_r(text, " ", &rest); word;
		     word = strtok_r(NULL, " ", &rest))
			argv[argc++] = word;
		T_CHECK(lines[i].row, options_parse(front, &a, argc, argv, &words, &e));
		for (unsigned k = 0; k < words.n; k++)
			strcat(strcat(got, k ? " " : ""), words.words[k]);
		T_TEXT(lines[i].row, lines[i].words, got);
		T_EQUAL(lines[i].row, lines[i].json, a.json);
	}
}

static void try(const char *name, const char *line, const char *wanted, const char *error)
{
	char text[200], verb[] = "verb", *argv[20] = { verb }, got[300];
	struct answers a = { .many = "" };
	struct operands words;
	struct err e;
	int argc = 1;

	snprintf(text, sizeof(text), "%s", line);
	for (char *rest, *word = strtok_r(text, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		argv[argc++] = word;
	if (!options_parse(rows, &a, argc, argv, &words, &e)) {
		T_TEXT(name, error ? error : "no error", e.text);
		return;
	}
	snprintf(got, sizeof(got), "json %d jump %d file %s many %s options %u words", a.json,
		 a.jump, a.file ? a.file : "-", a.many, words.n_options);
	for (unsigned i = 0; i < words.n; i++)
		strcat(strcat(got, " "), words.words[i]);
	T_TEXT(name, wanted ? wanted : "an error", got);
}

int main(void)
{
	for (size_t i = 0; i < T_SIZE(cases); i++)
		try(cases[i].name, cases[i].line, cases[i].got, cases[i].error);
	in_front();
	return t_done();
}
