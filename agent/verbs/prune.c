/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb prune: the same choice as `keep` makes after a capture, and more of it when
 * asked.
 */
#include "verb.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "kexec/machine_id.h"
#include "machine/guard.h"
#include "ship/ship_crash.h"
#include "ship/ship_way.h"
#include "targets/retention.h"
#include "targets/same_crashes.h"

#define BUSY_S 7200	/* a capture may take that long */

struct pruning {
	struct dump_places places;
	struct retention rule;
	const char *host;	/* of this one only, or NULL */
	struct store_entry *entries;
	char *text;		/* for manifests */
	bool dry_run, others_too, incomplete, unsent_too;
	const char *root;	/* NULL: "" */
	struct ship_job ship;	/* with a way, if what crashes leave is sent elsewhere */
	unsigned n_gone, n_failed, n_others, n_owed;
	uint64_t freed_len;
};

static void remove_one(struct pruning *p, struct dump_place *at,
		       const struct store_entry *entry)
{
	char len[32];
	struct err e;

	format_bytes(entry->len, len, sizeof(len));
	if (!p->dry_run && !store_remove(&at->store, entry, &e)) {
		log_info("%s: %s", entry->name, e.text);
		p->n_failed++;
		return;
	}
	printf("%s %s/%s, %s\n", p->dry_run ? "would remove" : "removed", at->words,
	       entry->name, len);
	/* Said at once: the next one may be where the server goes away. */
	fflush(stdout);
	p->places.steps++;
	p->n_gone++;
	p->freed_len += entry->len;
}

/* A crash of a machine without a clock: its manifest tells which boot it was. */
static void read_boots(struct pruning *p, struct store *s, struct store_entries *all)
{
	for (unsigned i = 0; i < all->n; i++) {
		struct dump_facts facts = { .has_manifest = false };

		if (all->at[i].has_manifest)
			dump_facts_read(&facts, s, &all->at[i], p->text);
		all->at[i].boot = facts.has_manifest ?
				     json_count(&facts.manifest, "boot") : 0;
		p->places.steps++;
	}
}

/* Those of this place that are to be sent, and of which that was not confirmed. */
static void find_owed(struct pruning *p, struct dump_place *at, struct store_entries *all)
{
	char host[FOLDER_HOST_MAX];

	if (!p->rule.spare_owed || !ship_whose(&p->ship, at->words, host))
		return;
	for (unsigned i = 0; i < all->n; i++) {
		struct store_entry *entry = &all->at[i];

		entry->is_owed = entry->kind != STORE_OTHER &&
				 store_is_of(entry, host[0] ? host : NULL) &&
				 !ship_is_done(&p->ship, &at->store, entry->name);
		p->n_owed += entry->is_owed;
		p->places.steps++;
	}
}

static bool prune(void *ctx, struct dump_place *at, struct err *e)
{
	struct pruning *p = ctx;
	int64_t now = time(NULL);
	struct store_entries all = { p->entries, MAX_DUMPS, 0, &p->places.steps };

	if (!store_list(&at->store, p->host, &all, e))
		return false;
	if (!p->others_too)
		p->n_others += retention_leave_others(&all);
	if (retention_needs_boots(&all, now))
		read_boots(p, &at->store, &all);
	retention_order(&all, now);
	find_owed(p, at, &all);
	retention_choose(&p->rule, &all);
	if (p->places.config.keep_same && p->rule.spare_newest)
		same_crashes_spare_last(&at->store, &all, p->text, MANIFEST_READ);
	for (unsigned i = 0; i < all.n; i++)
		if (all.at[i].goes)
			remove_one(p, at, &all.at[i]);
	return true;
}

static void prune_place(struct pruning *p, const char *words)
{
	struct err e;

	if (!dump_place_visit(&p->places, words, prune, p, &e)) {
		dump_place_say(words, &e);
		p->n_failed++;
	}
}

/* A rule must have been given, here or in the configuration. */
static bool has_rule(struct pruning *p)
{
	for (int kind = 0; kind < N_STORE_KINDS; kind++)
		if (p->rule.keep[kind] != RETAIN_ALL)
			return true;
	if (!p->rule.by_age && p->places.config.keep)
		retention_keep(&p->rule, p->places.config.keep);
	return p->rule.by_age || p->places.config.keep;
}

static bool take_memory(struct pruning *p, struct arena *a, struct err *e)
{
	const struct shipping *to = &p->places.config.ship;

	machine_id_read(p->root ? p->root : "", p->places.config.machine_id);
	p->ship = (struct ship_job){ .config = &p->places.config, .arena = a,
				     .root = p->root ? p->root : "",
				     .alive = &p->places.steps };
	p->rule.spare_owed = !p->unsent_too && shipping_is_asked(to);
	/* Where it is not clear where to, nobody knows what was sent. */
	if (p->rule.spare_owed && !ship_find_way(&p->ship, e))
		return within(e, "prune, which cannot know what was sent (--unsent)");
	p->entries = arena_take(a, MAX_DUMPS, sizeof(p->entries[0]), "dumps", e);
	p->text = arena_take(a, MANIFEST_READ, 1, "manifest", e);
	return p->entries && p->text;
}

static int prune_all(struct pruning *p, char **words, int n)
{
	const struct config *config = &p->places.config;
	char len[32];
	struct err e;

	p->places.to_write = !p->dry_run;
	if (!dump_places_init(&p->places, !n, &e) ||
	    !take_memory(p, &p->places.arena, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (!has_rule(p))
		return usage("prune: say what goes: --keep, --older-than or --incomplete");
	if (!n && !config->n_targets) {
		dump_places_say_none(&p->places);
		return 1;
	}
	for (int i = 0; i < n; i++)
		prune_place(p, words[i]);
	for (unsigned i = 0; !n && i < config->n_targets; i++)
		prune_place(p, config->targets[i]);
	format_bytes(p->freed_len, len, sizeof(len));
	printf("%u %s, %s %s\n", p->n_gone, p->n_gone == 1 ? "dump" : "dumps", len,
	       p->dry_run ? "would be freed" : "freed");
	if (p->n_others)
		printf("%u without a manifest of ours left alone (--without-manifest)\n",
		       p->n_others);
	if (p->n_owed)
		printf("%u not sent to where `ship` says, which stay (--unsent)\n",
		       p->n_owed);
	dump_places_deinit(&p->places);
	return p->n_failed ? 1 : 0;
}

static bool take_keep(void *into, const char *value, struct err *e)
{
	struct pruning *p = into;
	unsigned keep;

	if (!number_parse(value, 0, 10000, &keep, e))
		return false;
	retention_keep(&p->rule, keep);
	p->rule.spare_newest = keep > 0;
	return true;
}

static bool take_age(void *into, const char *value, struct err *e)
{
	struct pruning *p = into;
	int64_t age;

	if (!number_parse_age(value, &age, e))
		return false;
	p->rule.by_age = true;
	p->rule.older_than = time(NULL) - age;
	return true;
}

static bool take_host(void *into, const char *value, struct err *e)
{
	((struct pruning *)into)->host = value;
	return *value || fail(e, EINVAL, "no name");
}

static const struct option_row options[] = {
	OPTION_CALL("keep", "N", take_keep, .help =
		"all but the N newest dumps of each host, and but the N newest that were cut "
		"off, and but the 50 newest folders with a log only"),
	OPTION_CALL("older-than", "AGE", take_age,
		.help = "crashes longer ago: 30d, 12h, 90m, 30s"),
	OPTION_FLAG("incomplete", struct pruning, incomplete,
		.help = "dumps that were cut off, and folders with a log only"),
	OPTION_FLAG("dry-run", struct pruning, dry_run, .letter = 'n',
		.help = "only say what would go"),
	OPTION_CALL("host", "NAME", take_host,
		.help = "of this machine only, as its folders are called"),
	OPTION_FLAG("without-manifest", struct pruning, others_too, .help =
		"also what another tool has left in folders of that name, or a capture of ours "
		"that was cut off before its manifest"),
	OPTION_FLAG("unsent", struct pruning, unsent_too, .help =
		"also what `crashbox ship` has not sent yet, though it is configured to"),
	OPTION_CONFIG(struct pruning, places.config_file),
	OPTION_SSH(struct pruning, places.ssh),
	OPTION_ROOT(struct pruning, root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	struct pruning *p;
	struct err e;

	p = guard_share(sizeof(*p), &e);
	if (!p)
		return log_info("%s", e.text), 1;
	retention_init(&p->rule);
	p->rule.spare_busy = true;
	p->rule.busy_since = time(NULL) - BUSY_S;
	if (!verb_options(&verb_prune, p, argc, argv, &words))
		return 1;
	/* After all of them: --keep says something else of these. */
	if (p->incomplete)
		p->rule.keep[STORE_CUT] = p->rule.keep[STORE_LOG] = 0;
	return prune_all(p, words.words, words.n);
}

const struct verb verb_prune = {
	.name = "prune",
	.operands = "[TARGET|DIR]...",
	.summary = "remove old dumps from the configured targets",
	.options = options,
	.about =
"What any of these names goes; without one, what the configuration's `keep` names.\n",
	.more =
"Only folders called HOST-YYYY-MM-DD-HH:MM:SS with a manifest of ours are touched, and of\n"
"these only our files. The newest dump of a host stays, and with keep_same the last whole\n"
"one of each fault, except with --keep 0; what is without a vmcore stays for two hours, as\n"
"it may be being written. A disk that is not mounted is\n"
"mounted for it, which replays its journal; with --dry-run nothing on it changes.\n"
"\n"
"Exit status: 0, or 1 when something could not be done, which is then named.\n",
	.run = run,
};
