/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb index: a line of JSON for each crash, its manifest and its report in one object,
 * for a database. Whoever can write to a target can have written these files.
 */
#include "verb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "machine/guard.h"
#include "ship/ship_file.h"
#include "targets/crash_files.h"

#define REPORT_READ (16u << 20)
#define HEAD_LEN 4096

struct index {
	struct dump_places places;
	struct store_entry *entries;
	char *manifest, *report;	/* texts that are read */
	uint64_t n_printed;
};

/*
 * What names a crash for ever, wherever its folder is moved to: the SHA-256 of its manifest.
 * One without gets that of its folder's name.
 */
static void put_id(struct json *j, const struct dump_facts *f)
{
	char sha[SHIP_SHA_LEN];

	if (f->has_manifest)
		ship_sum(f->manifest.at, f->manifest.len, sha);
	else
		ship_sum(f->entry->name, strlen(f->entry->name), sha);
	json_string(j, "id", sha);
}

/* What is known without its files, as an object that is left open: no bracket behind it. */
static size_t head_of(const struct dump_facts *f, char text[HEAD_LEN])
{
	char folder[600];
	struct json j;
	struct err ignored;

	snprintf(folder, sizeof(folder), "%s/%s", f->store->where, f->entry->name);
	json_init(&j, text, HEAD_LEN);
	json_open(&j, NULL, '{');
	json_number(&j, "schema", 1);
	put_id(&j, f);
	json_string(&j, "folder", folder);
	json_string(&j, "host", f->host);
	json_string(&j, "time", f->when);
	json_string(&j, "kernel", f->kernel);
	json_string(&j, "panic", f->panic);
	json_string(&j, "state", f->state);
	json_number(&j, "bytes", f->entry->len);
	json_bool(&j, "encrypted", f->entry->is_sealed);
	json_end(&j, &ignored);
	return strrchr(text, '}') - text;
}

/* Well-formed JSON on one line: a newline, and what indents, is between values only. */
static void put_flat(const char *text, size_t len)
{
	bool begins = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = text[i];

		begins = c < ' ' || (begins && c == ' ');
		if (!begins)
			putchar(c > '~' ? '?' : c);
	}
}

static void put_value(const char *key, const struct json_value *v)
{
	printf(",\"%s\":", key);
	if (v)
		put_flat(v->at, v->len);
	else
		fputs("null", stdout);
}

static void put_crash(struct index *x, struct dump_place *at, const struct store_entry *entry)
{
	struct store_piece piece = { .folder = entry->name, .buf = x->report,
				     .len = REPORT_READ,
				     .file = crash_files[CRASH_REPORT_JSON].name };
	struct json_value report;
	struct dump_facts facts;
	char head[HEAD_LEN];
	bool has_report;

	dump_facts_read(&facts, &at->store, entry, x->manifest);
	has_report = store_json(&at->store, &piece, &report) && report.kind == JSON_OBJECT;
	put_flat(head, head_of(&facts, head));
	put_value("manifest", facts.has_manifest ? &facts.manifest : NULL);
	put_value("report", has_report ? &report : NULL);
	puts("}");
	x->n_printed++;
	x->places.steps++;
}

static bool look(void *ctx, struct dump_place *at, struct err *e)
{
	struct index *x = ctx;
	struct store_entries all = { x->entries, MAX_DUMPS, 0, &x->places.steps };

	if (!store_list(&at->store, NULL, &all, e))
		return false;
	for (unsigned i = 0; i < all.n; i++)
		if (x->entries[i].kind != STORE_OTHER)
			put_crash(x, at, &x->entries[i]);
	/* The child ends without the parent's exit. */
	return !fflush(stdout) || fail(e, 0, "standard output: cannot write");
}

static bool prepare(struct index *x, bool config_wanted, struct err *e)
{
	struct arena *a = &x->places.arena;

	if (!dump_places_init(&x->places, config_wanted, e))
		return false;
	x->entries = arena_take(a, MAX_DUMPS, sizeof(x->entries[0]), "dumps", e);
	x->manifest = arena_take(a, MANIFEST_READ, 1, "manifest", e);
	x->report = arena_take(a, REPORT_READ, 1, "report", e);
	return x->entries && x->manifest && x->report;
}

static const struct option_row options[] = {
	OPTION_CONFIG(struct index, places.config_file),
	OPTION_SSH(struct index, places.ssh),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	unsigned n_failed = 0, n;
	struct err e;
	struct index *x = guard_share(sizeof(*x), &e);

	if (!x)
		return log_info("%s", e.text), 1;
	if (!verb_options(&verb_index, x, argc, argv, &words))
		return 1;
	if (!prepare(x, !words.n, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	n = words.n ? words.n : x->places.config.n_targets;
	if (!n) {
		dump_places_say_none(&x->places);
		return 1;
	}
	for (unsigned i = 0; i < n; i++) {
		const char *place = words.n ? words.words[i] : x->places.config.targets[i];

		if (dump_place_visit(&x->places, place, look, x, &e))
			continue;
		n_failed++;
		dump_place_say(place, &e);
	}
	dump_places_deinit(&x->places);
	return n_failed ? 1 : 0;
}

const struct verb verb_index = {
	.name = "index",
	.operands = "[TARGET|DIR]...",
	.summary = "a line of JSON for each crash, for a database",
	.options = options,
	.about =
"Each line is an object: id (the SHA-256 of the manifest, the same wherever the folder is\n"
"moved to), folder, host, time, kernel, panic, state, bytes, encrypted, and as they are in\n"
"the folder, or null, manifest (crashbox-manifest(5)) and report (crashbox-report(5)).\n"
"TARGET and DIR are those of `crashbox list`.\n",
	.more =
"Exit status: 0, or 1 when a target could not be looked at, which is then named.\n",
	.run = run,
};
