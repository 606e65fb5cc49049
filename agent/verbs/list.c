/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb list: the dumps of all places, the newest last, which is where one looks on a
 * terminal.
 */
#include "verb.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "base/err.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "list_same.h"
#include "machine/guard.h"
#include "plugin.h"

#define JSON_MAX (8u << 20)

struct listing {
	struct dump_places places;
	bool as_json, by_signature, as_plugin;
	int64_t since;		/* only those; 0: all */
	unsigned n_shown;
	char newest[FOLDER_NAME_MAX], panic[PANIC_REASON_MAX];	/* of them */
	int64_t newest_when;
	struct same_groups *groups;	/* with by_signature */
	struct known_list known;
	bool has_known;
	struct json json;
	struct store_entry *entries;
	char *text;		/* for manifests */
	unsigned n_failed;
};

static bool is_listed(const struct listing *l, const struct store_entry *entry)
{
	return entry->kind != STORE_OTHER && entry->when >= l->since;
}

static void put_json(struct json *j, const struct dump_facts *f)
{
	const struct store_entry *entry = f->entry;
	char folder[600];

	snprintf(folder, sizeof(folder), "%s/%s", f->store->where, entry->name);
	json_open(j, NULL, '{');
	json_string(j, "name", entry->name);
	json_string(j, "folder", folder);
	json_string(j, "host", f->host);
	json_string(j, "time", f->when);
	json_string(j, "kernel", f->kernel);
	json_string(j, "machine", f->machine);
	json_string(j, "build_id", f->build_id);
	json_string(j, "panic", f->panic);
	json_number(j, "bytes", entry->len);
	json_string(j, "state", f->state);
	json_bool(j, "complete", f->has_manifest && entry->kind == STORE_WHOLE &&
		  json_is_true(&f->manifest, "complete.value"));
	json_bool(j, "valid", f->has_manifest && entry->kind == STORE_WHOLE &&
		  json_is_true(&f->manifest, "valid.value"));
	json_string(j, "reason", f->reason);
	json_close(j);
}

static void put_line(const struct dump_facts *f)
{
	const struct store_entry *entry = f->entry;
	char len[32];

	format_bytes(entry->len, len, sizeof(len));
	printf("%-36s %-11s %10s  %-26s %s\n", entry->name, f->state, len,
	       f->kernel[0] ? f->kernel : "-", f->panic[0] ? f->panic : "-");
}

static void show(struct listing *l, struct dump_place *at, unsigned n)
{
	if (l->as_json) {
		json_string(&l->json, "where", at->store.where);
		json_open(&l->json, "dumps", '[');
	} else {
		printf("%s%s%s%s\n", at->words, at->target.how[0] ? " (" : "", at->target.how,
		       at->target.how[0] ? ")" : "");
		if (!n)
			printf("no dumps\n");
	}
	for (unsigned i = 0; i < n; i++) {
		struct dump_facts facts;

		if (!is_listed(l, &l->entries[i]))
			continue;
		dump_facts_read(&facts, &at->store, &l->entries[i], l->text);
		l->places.steps++;
		if (l->as_json)
			put_json(&l->json, &facts);
		else
			put_line(&facts);
	}
	if (l->as_json)
		json_close(&l->json);
}

static void count(struct listing *l, struct dump_place *at, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct dump_facts facts;

		if (!is_listed(l, &l->entries[i]))
			continue;
		dump_facts_read(&facts, &at->store, &l->entries[i], l->text);
		l->places.steps++;
		list_same_add(l->groups, &facts);
	}
}

/* For a plugin, which tells of the newest. */
static void notice(struct listing *l, struct dump_place *at, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct store_entry *entry = &l->entries[i];
		struct dump_facts facts;

		if (!is_listed(l, entry))
			continue;
		l->n_shown++;
		if (entry->when < l->newest_when)
			continue;
		dump_facts_read(&facts, &at->store, entry, l->text);
		l->places.steps++;
		l->newest_when = entry->when;
		snprintf(l->newest, sizeof(l->newest), "%s", entry->name);
		snprintf(l->panic, sizeof(l->panic), "%s", facts.panic);
	}
}

static bool look(void *ctx, struct dump_place *at, struct err *e)
{
	struct listing *l = ctx;
	struct store_entries all = { l->entries, MAX_DUMPS, 0, &l->places.steps };

	if (!store_list(&at->store, NULL, &all, e))
		return false;
	if (l->as_plugin)
		notice(l, at, all.n);
	else if (l->by_signature)
		count(l, at, all.n);
	else
		show(l, at, all.n);
	return true;
}

static void list_place(struct listing *l, const char *words)
{
	struct json before;
	struct err e;

	if (l->as_json) {
		json_open(&l->json, NULL, '{');
		json_string(&l->json, "target", words);
	}
	before = l->json;
	if (!dump_place_visit(&l->places, words, look, l, &e)) {
		l->n_failed++;
		l->json = before;
		if (l->as_json)
			json_string(&l->json, "error", e.text);
		else
			dump_place_say(words, &e);
	}
	if (l->as_json)
		json_close(&l->json);
}

static bool prepare(struct listing *l, struct err *e)
{
	char *text = NULL;

	l->entries = arena_take(&l->places.arena, MAX_DUMPS, sizeof(l->entries[0]), "dumps", e);
	l->text = arena_take(&l->places.arena, MANIFEST_READ, 1, "manifest", e);
	if (l->as_json)
		text = guard_share(JSON_MAX, e);
	if (text)
		json_init(&l->json, text, JSON_MAX);
	if (l->by_signature)
		l->groups = guard_share(sizeof(*l->groups), e);
	if (l->by_signature && !l->groups)
		return false;
	l->has_known = l->by_signature && l->places.config.known_file[0];
	/* What is known is a note beside the list. */
	if (l->has_known &&
	    !known_load(&l->known, l->places.config.known_file, &l->places.arena, e)) {
		log_warn("%s", e->text);
		l->has_known = false;
	}
	return l->entries && l->text && (text || !l->as_json);
}

/* Crashes that are seen are a problem; where none is, all places have to have answered. */
static int answer(const struct listing *l)
{
	if (l->n_shown)
		return plugin_say(PLUGIN_PROBLEM, "%u crashes, the last one %s: %s", l->n_shown,
				  l->newest, l->panic[0] ? l->panic : "of an unknown cause");
	if (l->n_failed)
		return plugin_say(PLUGIN_UNKNOWN, "%u targets cannot be looked at",
				  l->n_failed);
	return plugin_say(PLUGIN_WELL, "no crash");
}

static int list_all(struct listing *l, char **words, int n)
{
	const struct config *config = &l->places.config;
	struct err e;

	if (!dump_places_init(&l->places, !n, &e) || !prepare(l, &e)) {
		if (l->as_plugin)
			return plugin_say(PLUGIN_UNKNOWN, "%s", e.text);
		log_info("%s", e.text);
		return 1;
	}
	if (!n && !config->n_targets) {
		if (l->as_plugin)
			return plugin_say(PLUGIN_UNKNOWN, "no target is configured");
		dump_places_say_none(&l->places);
		return 1;
	}
	if (l->as_json) {
		json_open(&l->json, NULL, '{');
		json_open(&l->json, "targets", '[');
	}
	for (int i = 0; i < n; i++)
		list_place(l, words[i]);
	for (unsigned i = 0; !n && i < config->n_targets; i++)
		list_place(l, config->targets[i]);
	if (l->by_signature && !l->as_json)
		list_same_print(l->groups, l->has_known ? &l->known : NULL);
	if (l->as_json) {
		json_close(&l->json);
		if (l->by_signature)
			list_same_json(l->groups, l->has_known ? &l->known : NULL,
				       &l->json);
		json_close(&l->json);
		if (!json_end(&l->json, &e)) {
			log_info("%s", e.text);
			l->n_failed++;
		}
		fputs(l->json.text, stdout);
	}
	dump_places_deinit(&l->places);
	if (l->as_plugin)
		return answer(l);
	return l->n_failed ? 1 : 0;
}

static bool take_since(void *into, const char *value, struct err *e)
{
	struct listing *l = into;
	int64_t age;

	if (!number_parse_age(value, &age, e))
		return false;
	l->since = time(NULL) - age;
	return true;
}

static const struct option_row options[] = {
	OPTION_FLAG("json", struct listing, as_json, .help = "for programs"),
	OPTION_FLAG("same", struct listing, by_signature, .help =
		"by signature instead, the most frequent first: how many crashes, how many "
		"whole dumps of them, the first and the last, on which hosts"),
	OPTION_CALL("since", "AGE", take_since,
		.help = "only crashes of the last 30d, 12h, 90m"),
	OPTION_FLAG("plugin", struct listing, as_plugin, .help =
		"as plugins of node-problem-detector answer: one line, and exit status 0 no "
		"crash, 1 there are, 2 not all targets could be looked at"),
	OPTION_CONFIG(struct listing, places.config_file),
	OPTION_SSH(struct listing, places.ssh),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	struct err e;
	struct listing *l = guard_share(sizeof(*l), &e);

	if (!l)
		return log_info("%s", e.text), 1;
	if (!verb_options(&verb_list, l, argc, argv, &words))
		return 1;
	if (l->as_plugin && (l->as_json || l->by_signature))
		return usage("list: --plugin prints a line, neither --json nor --same");
	return list_all(l, words.words, words.n);
}

const struct verb verb_list = {
	.name = "list",
	.operands = "[TARGET|DIR]...",
	.summary = "the dumps on the configured targets, the newest last",
	.options = options,
	.about =
"Of each: name (host and time of the crash, UTC), state, size, kernel, and the line of the\n"
"log that says why. TARGET is as in the configuration, DIR a folder; default are all\n"
"targets of the configuration. A file system that is not mounted is mounted read-only\n"
"for this look only, where nobody else sees it; that needs root.\n"
"\n"
"States: complete; sampled (complete, read back here and there only); incomplete, doubtful\n"
"(crashbox show-dump says why); cut off (there is a vmcore-incomplete); log only; no manifest\n"
"(somebody else's).\n",
	.more =
"Exit status: 0, or 1 when a target could not be looked at, which is then named.\n",
	.run = run,
};
