/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb status: the findings, for people and for monitoring. */
#include "verb.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "base/version.h"
#include "config/config.h"
#include "host/check_result.h"
#include "plugin.h"
#include "ready/machine_health.h"

#define JSON_LEN (128u << 10)
#define UNKNOWN 3	/* as monitoring plug-ins have it */

static bool print_json(const struct check_results *f, struct err *e)
{
	char text[JSON_LEN];
	struct json j;
	bool is_whole;

	json_init(&j, text, sizeof(text));
	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	json_string(&j, "version", CRASHBOX_VERSION);
	json_string(&j, "status", grade_name(check_results_worst(f)));
	json_open(&j, "checks", '[');
	for (unsigned i = 0; i < f->n; i++) {
		json_open(&j, NULL, '{');
		json_string(&j, "check", f->rows[i].what);
		json_string(&j, "status", grade_name(f->rows[i].grade));
		json_string(&j, "text", f->rows[i].text);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	is_whole = json_end(&j, e);
	fputs(text, stdout);
	return is_whole;
}

static void print_lines(const struct check_results *f)
{
	unsigned n[3] = { 0 };

	for (unsigned i = 0; i < f->n; i++) {
		n[f->rows[i].grade]++;
		printf("%-4s  %-9s %s\n", grade_name(f->rows[i].grade), f->rows[i].what,
		       f->rows[i].text);
	}
	printf("%s: %u ok, %u warnings, %u failures\n", grade_name(check_results_worst(f)),
	       n[GRADE_OK], n[GRADE_WARN], n[GRADE_FAIL]);
}

/* A crash that is captured is well enough; what is only warned of is named. */
static int answer(const struct check_results *f)
{
	enum grade worst = check_results_worst(f);
	unsigned at = 0;

	while (at < f->n && f->rows[at].grade != worst)
		at++;
	if (worst == GRADE_OK || at == f->n)
		return plugin_say(PLUGIN_WELL, "a crash would be captured");
	if (worst == GRADE_WARN)
		return plugin_say(PLUGIN_WELL, "a crash would be captured, but %s: %s",
				  f->rows[at].what, f->rows[at].text);
	return plugin_say(PLUGIN_PROBLEM, "%s: %s", f->rows[at].what, f->rows[at].text);
}

struct status_words {
	struct health_want want;
	bool as_json, as_plugin;
};

static const struct option_row options[] = {
	OPTION_CONFIG(struct status_words, want.config),
	OPTION_SSH(struct status_words, want.ssh),
	OPTION_FLAG("json", struct status_words, as_json, .help =
		"for programs: {\"status\", \"checks\": [{\"check\", \"status\", \"text\"}]}"),
	OPTION_FLAG("plugin", struct status_words, as_plugin, .joins = JOINS_OR, .help =
		"as plugins of node-problem-detector answer: one line, the first failure, and "
		"exit status 0 a crash would be captured, 1 it would not"),
	OPTION_ROOT(struct status_words, want.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct status_words w = { .want.root = "" };
	struct check_results f;
	struct operands words;
	struct config config;
	struct err e;

	if (!verb_options(&verb_status, &w, argc, argv, &words))
		return UNKNOWN;
	if (words.n)
		return usage("status: what is '%s'? It takes options only",
			     words.words[0]), UNKNOWN;
	health_check(&f, &w.want, &config);
	if (w.as_plugin)
		return answer(&f);
	if (!w.as_json) {
		print_lines(&f);
	} else if (!print_json(&f, &e)) {
		log_info("%s", e.text);
		return UNKNOWN;
	}
	return check_results_worst(&f);
}

const struct verb verb_status = {
	.name = "status",
	.operands = "",
	.summary = "would a crash of this machine be captured?",
	.options = options,
	.about =
"One line for each thing that can lose a dump, with ok, warn or fail in front. It is judged\n"
"by what is loaded: the image's own configuration with the words of the loaded command\n"
"line, its drivers, SSH client and key, and the capture kernel's configuration. Then the\n"
"reserved memory, the next boot, watchdogs, and each target, to which it connects as a\n"
"capture would. On a server it makes and removes an empty file; disks are only looked at.\n"
"Where a net line says dhcp, servers are asked for an offer, which is left to lapse.\n"
"What earlier crashes have left there tells how long a dump takes, and whether the next one\n"
"would be withheld (crash_loop).\n",
	.more =
"Exit status: 0 all is well, 1 there are warnings, 2 a crash would not be captured, or not\n"
"on that target, 3 the command line is wrong.\n",
	.run = run,
};
