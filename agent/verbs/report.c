/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a crash was, out of a core or a dump, without debug information. */
#include "verb.h"

#include "dump/kdumpset.h"
#include "inspect.h"

struct report_words {
	bool as_json, as_line, as_html;
	const char *known;
};

static const struct option_row options[] = {
	OPTION_FLAG("json", struct report_words, as_json,
		.help = "as one JSON object, see crashbox-report(5)"),
	OPTION_FLAG("line", struct report_words, as_line,
		.help = "one line of key=value, for mails and logs"),
	OPTION_FLAG("html", struct report_words, as_html,
		.help = "one page of HTML that needs nothing else"),
	OPTION_KNOWN(struct report_words, known),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct report_words w = { .as_json = false };
	struct operands words;

	if (!verb_options(&verb_report, &w, argc, argv, &words))
		return 1;
	if (!words.n)
		return usage("report takes a CORE, a DUMP or a LOG, and --json, --html or "
			     "--line");
	if (w.as_json + w.as_line + w.as_html > 1)
		return usage("report: --json, --html and --line are different things");
	return inspect_report(&(struct kdump_paths){ words.words, words.n }, w.known,
			      w.as_json ? REPORT_AS_JSON :
			      w.as_line ? REPORT_AS_LINE :
			      w.as_html ? REPORT_AS_HTML : REPORT_AS_TEXT);
}

const struct verb verb_report = {
	.name = "report",
	.operands = "CORE|DUMP...|LOG",
	.summary = "say what the crash was: finding, signature, stacks, tasks, memory",
	.options = options,
	.about = INSPECT_FILES
"No vmlinux and no debug information is needed: symbols, types and unwind tables\n"
"are read from the crashed kernel's own memory. LOG is a file of text, or - for standard\n"
"input: a saved log, pstore's, a journal, what a serial console said. Of several boots it\n"
"is the last that died.\n",
	.more = "",
	.run = run,
};
