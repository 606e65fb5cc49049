/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb ship: all targets are listed first, as the log of a crash lies on several, and the
 * one with most of it is what is sent. Small files of all crashes go before the first dump.
 */
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "host/root.h"
#include "kexec/machine_id.h"
#include "machine/guard.h"
#include "ship/ship_crash.h"
#include "ship/ship_file.h"
#include "ship/ship_way.h"
#include "tell_crashes.h"

#define BUSY_S 7200		/* a capture may take that long */
#define TEST_SUFFIX "-test"	/* of a host's name, by `crashbox test` */
#define KEYS_FILE "/etc/crashbox-ship.env"
#define FORGET_S (90 * 86400)
#define ARENA_MORE (96u << 20)	/* beside two parts of a file */

/* A crash, and where most of it lies. */
struct found {
	char name[FOLDER_NAME_MAX];
	unsigned place;
	enum store_kind kind;
};

/* In memory that is shared with who visits. */
struct shipment {
	struct dump_places places;
	struct ship_job job;
	struct arena arena;		/* the job's */
	struct ship_counts counts;
	struct telling telling;
	bool dry_run, if_configured;
	const char *host, *root;	/* NULL: not named */
	int64_t booted;			/* this machine, as its clock is set */

	unsigned place;			/* that is visited */
	bool dumps;			/* it is their turn */
	struct store_entry *entries;
	char *text;			/* for manifests */
	struct found *found;
	unsigned n_found;
	bool is_stopped;		/* the place does not take it: */
	struct err why;
	unsigned n_failed;
};

/* ---- looking ---------------------------------------------------------------- */

/* Made since the machine is up, and not whole, or to be removed again: somebody is at it. */
static bool is_busy(const struct shipment *s, const struct store_entry *entry)
{
	size_t len = strlen(TEST_SUFFIX);
	bool is_test = entry->host_len > len &&
		       !memcmp(entry->name + entry->host_len - len, TEST_SUFFIX, len);

	return (is_test || entry->kind != STORE_WHOLE) && entry->when >= s->booted &&
	       entry->when >= time(NULL) - BUSY_S;
}

static struct found *find(const struct shipment *s, const char *name)
{
	for (unsigned i = 0; i < s->n_found; i++)
		if (!strcmp(s->found[i].name, name))
			return &s->found[i];
	return NULL;
}

static void add(struct shipment *s, const struct store_entry *entry)
{
	struct found *f = find(s, entry->name);

	if (f && f->kind <= entry->kind)
		return;
	if (!f && s->n_found == MAX_DUMPS)
		return;
	f = f ? f : &s->found[s->n_found++];
	*f = (struct found){ .place = s->place, .kind = entry->kind };
	snprintf(f->name, sizeof(f->name), "%s", entry->name);
}

static bool list(struct shipment *s, struct dump_place *at, struct store_entries *all,
		 struct err *e)
{
	char host[FOLDER_HOST_MAX];

	*all = (struct store_entries){ s->entries, MAX_DUMPS, 0, &s->places.steps };
	/* Where any user may write, any user may put what looks like a crash. */
	at->store.ours_only = true;
	ship_whose(&s->job, at->words, host);
	return store_list(&at->store, s->host ? s->host : host[0] ? host : NULL, all, e);
}

static bool look(void *ctx, struct dump_place *at, struct err *e)
{
	struct shipment *s = ctx;
	struct store_entries all;

	if (!list(s, at, &all, e))
		return false;
	for (unsigned i = 0; i < all.n; i++)
		if (all.at[i].kind != STORE_OTHER && !is_busy(s, &all.at[i]))
			add(s, &all.at[i]);
	return true;
}

/* ---- sending ---------------------------------------------------------------- */

static void say(void *ctx, const struct ship_file *file, bool was_there)
{
	const struct shipment *s = ctx;
	char len[32];

	format_bytes(file->len, len, sizeof(len));
	printf("%s %s/%s, %s\n", s->dry_run ? "would send" : was_there ? "is there already:"
								      : "sent",
	       file->folder, file->name, len);
	/* Said at once: the next one may be where the server goes away. */
	fflush(stdout);
}

static void say_bad(const struct err *e)
{
	log_info("%s", e->text);
}

static bool send_place(void *ctx, struct dump_place *at, struct err *e)
{
	struct shipment *s = ctx;
	size_t mark = arena_mark(&s->arena);
	struct store_entries all;

	if (!list(s, at, &all, e))
		return false;
	for (unsigned i = 0; i < all.n && !s->is_stopped; i++) {
		const struct ship_crash crash = { &at->store, &all.at[i], s->text,
						  MANIFEST_READ, s->dumps };
		const struct found *f = find(s, all.at[i].name);

		if (f && f->place == s->place)
			s->is_stopped = !ship_crash(&s->job, &crash, &s->counts, say_bad,
						    &s->why);
	}
	if (s->job.is_open && s->job.way->close)
		s->job.way->close(&s->job);
	s->job.is_open = false;
	arena_release(&s->arena, mark);
	return true;
}

/* ---- telling ----------------------------------------------------------------- */

static bool tell_place(void *ctx, struct dump_place *at, struct err *e)
{
	struct shipment *s = ctx;
	struct store_entries all;

	if (!list(s, at, &all, e))
		return false;
	for (unsigned i = 0; i < all.n; i++) {
		const struct found *f = find(s, all.at[i].name);

		if (f && f->place == s->place)
			tell_crash_found(&s->telling, &at->store, &all.at[i]);
	}
	return true;
}

/* ---- all of it --------------------------------------------------------------- */

static bool has_any(const struct shipment *s)
{
	for (unsigned i = 0; i < s->n_found; i++)
		if (s->found[i].place == s->place)
			return true;
	return false;
}

static void visit(struct shipment *s, const char *words,
		  bool (*work)(void *ctx, struct dump_place *at, struct err *e))
{
	struct err e;

	/* One that could not be looked at, or has nothing, is left alone from then on. */
	if (s->is_stopped || (work != look && !has_any(s)))
		return;
	if (!dump_place_visit(&s->places, words, work, s, &e)) {
		dump_place_say(words, &e);
		s->n_failed++;
	}
	s->job.is_open = false;
}

/* What is off the machine already must be named. */
static void visit_all(struct shipment *s, char **words, unsigned n,
		      bool (*work)(void *ctx, struct dump_place *at, struct err *e))
{
	const struct config *config = &s->places.config;
	char host[FOLDER_HOST_MAX];

	for (s->place = 0; s->place < n; s->place++)
		visit(s, words[s->place], work);
	for (s->place = 0; !n && s->place < config->n_targets; s->place++)
		if (ship_whose(&s->job, config->targets[s->place], host))
			visit(s, config->targets[s->place], work);
}

static bool is_there(void *ctx, const char *record)
{
	const struct shipment *s = ctx;

	for (unsigned i = 0; i < s->n_found; i++) {
		size_t len = strlen(s->found[i].name);

		if (!strncmp(record, s->found[i].name, len) &&
		    (!record[len] || record[len] == '.'))
			return true;
	}
	return false;
}

static int report(struct shipment *s)
{
	const struct ship_counts *c = &s->counts;
	char len[32];

	if (s->is_stopped) {
		log_info("%s", s->why.text);
		s->n_failed++;
	}
	format_bytes(c->sent_len, len, sizeof(len));
	printf("%u %s %s, %s", c->n_sent, c->n_sent == 1 ? "file" : "files",
	       s->dry_run ? "to send" : "sent", len);
	if (c->n_there)
		printf("; %u there already", c->n_there);
	if (c->n_removed)
		printf("; %u %s removed here", c->n_removed,
		       c->n_removed == 1 ? "dump" : "dumps");
	printf("\n");
	return s->n_failed || c->n_bad || tell_has_failed(&s->telling) ? 1 : 0;
}

static int ship_all(struct shipment *s, char **words, unsigned n)
{
	const struct shipping *to = &s->places.config.ship;

	visit_all(s, words, n, look);
	s->telling.totals.n_unread = s->n_failed;
	if (to->n_tell) {
		visit_all(s, words, n, tell_place);
		/* Of what was named by hand nobody could tell that it is not all. */
		if (!n && !s->host)
			tell_how_it_stands(&s->telling);
	}
	if (!shipping_is_asked(to))
		return tell_has_failed(&s->telling) || s->n_failed ? 1 : 0;
	for (int turn = 0; turn < 2; turn++) {
		s->dumps = turn;
		s->places.to_write = s->dumps && s->places.config.ship.remove && !s->dry_run;
		visit_all(s, words, n, send_place);
	}
	if (!n && !s->host && !s->n_failed && !s->is_stopped && !s->dry_run)
		crash_records_sweep(s->job.root, time(NULL) - FORGET_S, is_there, s);
	return report(s);
}

static bool prepare(struct shipment *s, struct err *e)
{
	struct config *config = &s->places.config;
	struct arena *a = &s->places.arena;
	char uptime[64];

	machine_id_read(s->root ? s->root : "", config->machine_id);
	s->job = (struct ship_job){ .config = config, .root = s->root ? s->root : "",
				    .ssh = s->places.ssh, .arena = &s->arena,
				    .alive = &s->places.steps, .dry_run = s->dry_run,
				    .each = say, .ctx = s };
	s->booted = time(NULL);
	if (root_read("", "/proc/uptime", uptime, sizeof(uptime), e))
		s->booted -= strtoll(uptime, NULL, 10);
	s->entries = arena_take(a, MAX_DUMPS, sizeof(s->entries[0]), "dumps", e);
	s->text = arena_take(a, MANIFEST_READ, 1, "manifest", e);
	s->found = guard_share(MAX_DUMPS * sizeof(s->found[0]), e);
	s->telling = (struct telling){ .config = config, .root = s->job.root,
				       .arena = &s->arena, .alive = &s->places.steps,
				       .dry_run = s->dry_run, .text = s->text };
	s->telling.report = arena_take(a, TELL_TEXT, 1, "report", e);
	return s->entries && s->text && s->found && s->telling.report &&
	       ((config->ship.n_tell && !shipping_is_asked(&config->ship)) ||
		ship_find_way(&s->job, e)) &&
	       arena_init(&s->arena, ARENA_MORE + ((size_t)config->ship.part_mib << 21), e);
}

/* Keys for a store are for root alone. */
static void look_at_keys(const char *root)
{
	char path[HOST_PATH_MAX];
	struct err ignored;
	struct stat st;

	if (root_path(path, root, KEYS_FILE, &ignored) && !stat(path, &st) &&
	    (st.st_mode & (S_IRWXG | S_IRWXO)))
		log_warn("%s: others than root may read or change it: chmod 600", path);
}

static int start(struct shipment *s, char **words, unsigned n)
{
	cleanup_fd int lock = -1;
	struct err e;

	if (!dump_places_init(&s->places, true, &e))
		return log_info("%s", e.text), 1;
	if (s->if_configured && !shipping_is_asked(&s->places.config.ship) &&
	    !s->places.config.ship.n_tell)
		return 0;
	if (!prepare(s, &e))
		return log_info("%s", e.text), 1;
	if (!n && !s->places.config.n_targets) {
		dump_places_say_none(&s->places);
		return 1;
	}
	lock = crash_records_lock(s->job.root, &e);
	if (lock < 0)
		return log_info("%s", e.text), 1;
	look_at_keys(s->job.root);
	return ship_all(s, words, n);
}

static bool take_host(void *into, const char *value, struct err *e)
{
	((struct shipment *)into)->host = value;
	return *value || fail(e, EINVAL, "no name");
}

static const struct option_row options[] = {
	OPTION_FLAG("dry-run", struct shipment, dry_run, .letter = 'n',
		.help = "only say what would be sent"),
	OPTION_CALL("host", "NAME", take_host,
		.help = "of this machine only, as its folders are called"),
	OPTION_FLAG("if-configured", struct shipment, if_configured,
		.help = "where the configuration does not say where to, all is well"),
	OPTION_CONFIG(struct shipment, places.config_file),
	OPTION_SSH(struct shipment, places.ssh),
	OPTION_ROOT(struct shipment, root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	struct err e;
	struct shipment *s = guard_share(sizeof(*s), &e);

	if (!s)
		return log_info("%s", e.text), 1;
	if (!verb_options(&verb_ship, s, argc, argv, &words))
		return 1;
	return start(s, words.words, words.n);
}

const struct verb verb_ship = {
	.name = "ship",
	.operands = "[TARGET|DIR]...",
	.summary = "tell of crashes, and send what they have left to where it shall go",
	.options = options,
	.about =
"An S3 store, a server by SSH, or a command; see SHIPPING in crashbox.conf(5). Of all targets\n"
"but those by SSH, or of those that are named: reports, logs and manifests of all crashes\n"
"first, then the dumps, the oldest crash first. Of a folder that many machines share only\n"
"what is this one's.\n"
"\n"
"What was confirmed is remembered in /var/lib/crashbox/crashes and not sent again; what is\n"
"there with the same SHA-256 is not sent either, and other bytes of the same name are never\n"
"replaced. What was cut off goes on with the next run, which crashbox-ship.timer starts.\n",
	.more =
"Whom the configuration's `tell` names hears of each crash of the last month, once, before\n"
"anything is sent; see TELLING there.\n"
"\n"
"Exit status: 0 when all is there, or 1 when something is not, which is then named.\n",
	.run = run,
};
