/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb pstore: what the firmware has kept of crashes that no capture kernel saw becomes
 * folders like all others, with log, report and manifest, on the first target that takes it.
 */
#include "verb.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/jsonwrite.h"
#include "base/log.h"
#include "base/numbers.h"
#include "base/version.h"
#include "capture/manifest.h"
#include "dump_place.h"
#include "host/root.h"
#include "host/whole_file.h"
#include "kernel/kernel.h"
#include "kernel/panic_reason.h"
#include "kexec/machine_id.h"
#include "machine/efi_log.h"
#include "machine/guard.h"
#include "pstore_records.h"
#include "targets/crash_files.h"
#include "targets/target_kinds.h"
#include "triage/log_text.h"
#include "triage/report_json.h"
#include "triage/report_make.h"
#include "triage/report_text.h"

#define TEXT_LEN (256u << 10)
#define JSON_LEN (1u << 20)
#define MANIFEST_LEN 8192
#define TIME_S 30.0
#define NEAR_S 30		/* between the log and the capture of one crash */
#define NEAR_MAX 64

#define KERNELS_FOLDER "/sys/fs/pstore"
#define ARCHIVE "/var/lib/systemd/pstore"
#define TAKEN STATE_DIR "/pstore-taken"	/* lines of paths below the archive */
#define TAKEN_MAX (512u << 10)
#define LOG_READ (256u << 10)

struct taking {
	struct dump_places places;
	const char *from, *root;
	bool keeps, only_shows;
	char host[FOLDER_HOST_MAX];
	struct pstore_crash crash;
	/* Of that one, shared with whoever writes it. */
	bool is_known;
	char made[SINK_WHERE_MAX];
	char *taken;		/* paths of the archive, as lines */
	struct pstore_records records;
};

/* ---- one crash -------------------------------------------------------------- */

/* Is the line of the log that says why among the last ones of a folder's log? */
static bool has_log_of(struct taking *t, struct dump_place *at, const struct store_entry *entry,
		       struct log_text log)
{
	char *text = arena_take(&t->places.arena, LOG_READ, 1, "log", &(struct err){ 0 });
	struct store_piece piece = {
		.folder = entry->name, .file = crash_files[CRASH_DMESG].name, .buf = text,
		.off = entry->log_len > LOG_READ ? entry->log_len - LOG_READ : 0,
		.len = LOG_READ,
	};
	struct panic_reason why = { .panic = "" };
	struct err ignored;
	const char *line;

	panic_reason_feed(&why, log.text, log.len);
	line = panic_reason_line(&why);
	return text && line[0] && at->store.ops->read(&at->store, &piece, &ignored) &&
	       memmem(text, piece.len, line, strlen(line));
}

/* Has a capture, or this verb before, saved that log? What users have put there is not it. */
static bool is_there(struct taking *t, struct dump_place *at, struct log_text log)
{
	struct store_entry entries[NEAR_MAX];
	struct store_entries near = { entries, NEAR_MAX, 0, &t->places.steps };
	const struct store_span span = { t->host, t->crash.when - NEAR_S,
					 t->crash.when + NEAR_S, "" };
	struct err ignored;

	at->store.ours_only = true;
	if (!store_near(&at->store, &span, &near, &ignored))
		return false;
	for (unsigned i = 0; i < near.n; i++) {
		struct store_entry entry;

		if (!store_look(&at->store, entries[i].name, &entry, &ignored) ||
		    !entry.has_log || !has_log_of(t, at, &entry, log))
			continue;
		snprintf(t->made, sizeof(t->made), "%.200s/%.120s", at->store.where,
			 entry.name);
		return true;
	}
	return false;
}

/* A log is all there is: nothing is missing of it, and nobody may take it for a dump. */
static size_t manifest_of(const struct taking *t, const struct report *r, struct log_text log,
			  char text[MANIFEST_LEN])
{
	struct panic_reason why = { .panic = "" };
	char when[32];
	struct json j;
	struct err ignored;

	format_utc(t->crash.when, when, sizeof(when));
	json_init(&j, text, MANIFEST_LEN);
	json_open(&j, NULL, '{');
	json_number(&j, "schema", MANIFEST_SCHEMA);
	for (unsigned i = 0; i < 2; i++) {
		json_open(&j, i ? "complete" : "valid", '{');
		json_bool(&j, "value", false);
		json_open(&j, "reasons", '[');
		json_string(&j, NULL, "a log that pstore kept: there is no dump");
		json_close(&j);
		json_close(&j);
	}
	json_bool(&j, "verified", false);
	json_string(&j, "host", t->host);
	json_string(&j, "kernel", r->system.release);
	json_string(&j, "crash_time", when);
	panic_reason_feed(&why, log.text, log.len);
	json_string(&j, "panic", panic_reason_line(&why));
	json_string(&j, "signature", r->signature.id);
	json_string(&j, "signature_coarse", r->signature.coarse);
	json_bool(&j, "signature_sure", false);
	json_string(&j, "title", r->signature.title);
	json_string(&j, "agent_version", CRASHBOX_VERSION);
	json_string(&j, "folder", t->made);
	json_bool(&j, "dmesg_saved", true);
	json_string(&j, "source", "pstore");
	json_close(&j);
	json_end(&j, &ignored);
	return j.len;
}

static bool put_all(struct taking *t, struct sink *sink, struct log_text log, struct err *e)
{
	struct arena *arena = &t->places.arena;
	struct bounds bounds = { .until = monotonic_seconds() + TIME_S, .mem_len = arena->len,
				 .alive = &t->places.steps };
	struct kernel *none = arena_take(arena, 1, sizeof(*none), "report", e);
	struct report_want want = { .kernel = none, .arena = arena, .bounds = &bounds,
				    .log = &log };
	struct report *r = arena_take(arena, 1, sizeof(*r), "report", e);
	char *text = arena_take(arena, TEXT_LEN, 1, "report", e), manifest[MANIFEST_LEN];
	char *lines = arena_take(arena, JSON_LEN, 1, "report", e);
	struct json j;
	size_t len;

	if (!none || !r || !text || !lines)
		return false;
	none->page_shift = 12;
	if (!report_begin(r, &want, e))
		return false;
	report_read_memory(r);
	json_init(&j, lines, JSON_LEN);
	report_json(r, &j);
	if (!json_end(&j, e))
		return false;
	len = report_text(r, text, TEXT_LEN);
	return sink_put(sink, crash_files[CRASH_DMESG].name, log.text, log.len, e) &&
	       sink_put(sink, crash_files[CRASH_REPORT].name, text, len, e) &&
	       sink_put(sink, crash_files[CRASH_REPORT_JSON].name, lines, j.len, e) &&
	       sink_put(sink, crash_files[CRASH_MANIFEST].name, manifest,
			manifest_of(t, r, log, manifest), e);
}

static bool save_log(struct taking *t, struct dump_place *at, struct err *e)
{
	char name[FOLDER_NAME_MAX];
	const struct crash_folder folder = { name, t->made };
	struct log_text log;
	char *text;

	if (!pstore_log(&t->records, &t->crash, &t->places.arena, &text, &log.len, e))
		return false;
	/* The pieces of a log have a level in front of each line, where the kernel says so. */
	log = (struct log_text){ text, log_text_clean(text, log.len) };
	t->is_known = is_there(t, at, log);
	if (t->is_known)
		return true;
	folder_name(t->host, t->crash.when, name);
	return target_open_reached(&at->target, &folder, e) &&
	       put_all(t, &at->target.sink, log, e);
}

static bool save(void *ctx, struct dump_place *at, struct err *e)
{
	struct taking *t = ctx;
	size_t mark = arena_mark(&t->places.arena);
	bool ok;

	t->made[0] = '\0';
	t->is_known = false;
	ok = save_log(t, at, e);
	arena_release(&t->places.arena, mark);
	return ok;
}

/* ---- all of them ------------------------------------------------------------ */

static void say_crash(const struct taking *t, const char *what, const char *where)
{
	char when[32];

	format_utc(t->crash.when, when, sizeof(when));
	printf("%s, %u record%s: %s%s%s\n", when, t->crash.n, t->crash.n == 1 ? "" : "s", what,
	       where[0] ? " " : "", where);
}

/* Writes down what of the archive is taken: what has gone from it is forgotten. */
static bool remember(struct taking *t, struct err *e)
{
	char *text = arena_take(&t->places.arena, TAKEN_MAX, 1, TAKEN, e), path[HOST_PATH_MAX];
	struct blob lines = { (uint8_t *)text, 0 }, line;
	struct blob rest = { (uint8_t *)t->taken, strlen(t->taken) };

	while (text && file_line(&rest, &line) && lines.len < TAKEN_MAX - PSTORE_PATH_MAX) {
		char one[PSTORE_PATH_MAX];

		snprintf(one, sizeof(one), "%.*s", (int)line.len, (char *)line.at);
		if (one[0] && !access(one, F_OK))
			lines.len += snprintf(text + lines.len, TAKEN_MAX - lines.len, "%s\n",
					      one);
	}
	return text && root_path(path, t->root, TAKEN, e) && root_make_state(t->root, e) &&
	       file_replace(path, &lines, e);
}

/* Where the kernel has them they take room that the next crash needs; an archive is others'. */
static void forget(struct taking *t)
{
	size_t len = strlen(t->taken), mark = arena_mark(&t->places.arena);
	bool any = false;
	struct err e;

	for (unsigned i = 0; i < t->crash.n && !t->keeps; i++) {
		const struct pstore_record *r = &t->records.at[t->crash.first + i];

		if (!r->is_archived && !pstore_remove(r, &e))
			log_warn("%s", e.text);
		if (!r->is_archived || len + PSTORE_PATH_MAX >= TAKEN_MAX)
			continue;
		len += snprintf(t->taken + len, TAKEN_MAX - len, "%s%s", len ? "\n" : "",
				r->path);
		any = true;
	}
	if (any && !remember(t, &e))
		log_warn("%s", e.text);
	arena_release(&t->places.arena, mark);
}

/* On the first target that takes it. */
static bool take(struct taking *t, const struct operands *words)
{
	const struct config *config = &t->places.config;
	unsigned n = words->n ? words->n : config->n_targets;
	struct err e;

	for (unsigned i = 0; i < n; i++) {
		const char *place = words->n ? words->words[i] : config->targets[i];

		if (dump_place_visit(&t->places, place, save, t, &e)) {
			say_crash(t, t->is_known ? "is there already:" : "saved as", t->made);
			forget(t);
			return true;
		}
		dump_place_say(place, &e);
	}
	say_crash(t, "not saved, and left where it is", "");
	return false;
}

static bool find_all(struct taking *t, struct err *e)
{
	char path[HOST_PATH_MAX];
	struct err none;

	t->taken = arena_take(&t->places.arena, TAKEN_MAX, 1, TAKEN, e);
	if (!t->taken)
		return false;
	if (t->from)
		return pstore_find(&t->records, t->from, e);
	root_read(t->root, TAKEN, t->taken, TAKEN_MAX, &none);
	return root_path(path, t->root, KERNELS_FOLDER, e) &&
	       (pstore_find(&t->records, path, e) || e->code == ENOENT) &&
	       root_path(path, t->root, EFI_VARIABLES, e) &&
	       pstore_find_variables(&t->records, path, e) &&
	       root_path(path, t->root, ARCHIVE, e) &&
	       pstore_find_archived(&t->records, path, t->taken, e);
}

static bool prepare(struct taking *t, const struct operands *words, struct err *e)
{
	struct config *config = &t->places.config;

	t->places.to_write = true;
	if (!dump_places_init(&t->places, !words->n && !t->only_shows, e) || !find_all(t, e))
		return false;
	machine_id_read(t->root, config->machine_id);
	folder_name_here(config->host, config->machine_id, t->host);
	pstore_sort(&t->records);
	return true;
}

static const struct option_row options[] = {
	OPTION_TEXT("from", "DIR", struct taking, from, .help =
		"where records are, in place of " KERNELS_FOLDER " and " ARCHIVE),
	OPTION_FLAG("keep", struct taking, keeps, .help =
		"leave the records where they are; else those of the kernel's own folder, or "
		"of --from, go when all is on the target, and those of the archive are passed "
		"over from then on"),
	OPTION_FLAG("dry-run", struct taking, only_shows, .help = "only say what is there"),
	OPTION_CONFIG(struct taking, places.config_file),
	OPTION_SSH(struct taking, places.ssh),
	OPTION_ROOT(struct taking, root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	unsigned n_lost = 0;
	struct err e;
	struct taking *t = guard_share(sizeof(*t), &e);

	if (!t)
		return log_info("%s", e.text), 1;
	t->root = "";
	if (!verb_options(&verb_pstore, t, argc, argv, &words))
		return 1;
	if (!prepare(t, &words, &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (!words.n && !t->places.config.n_targets && !t->only_shows) {
		dump_places_say_none(&t->places);
		return 1;
	}
	if (t->records.n_packed)
		log_warn("%u records are packed, and the kernel could not unpack them: they "
			 "are left where they are", t->records.n_packed);
	if (t->records.n_more)
		log_warn("%u records more than %u: they are left for the next time",
			 t->records.n_more, PSTORE_RECORDS_MAX);
	if (!t->records.n)
		puts("no crash is in pstore");
	while (pstore_next(&t->records, &t->crash)) {
		if (t->only_shows)
			say_crash(t, "not saved yet", "");
		else
			n_lost += !take(t, &words);
	}
	dump_places_deinit(&t->places);
	return n_lost ? 1 : 0;
}

const struct verb verb_pstore = {
	.name = "pstore",
	.operands = "[TARGET|DIR]...",
	.summary = "save what the firmware kept of crashes as folders like all others",
	.options = options,
	.about =
"Records of ramoops, EFI variables and ERST that a boot finds, and the end of a log that a\n"
"capture left in one of the first two as no target took it (last_words): of each its log,\n"
"a report by it and a manifest come into a folder of the first target that takes it. Where\n"
"a folder of the same host and of that half minute has that log nothing is written, as it\n"
"was captured. The service crashbox-pstore runs it at each boot.\n",
	.more =
"Exit status: 0, or 1 when a crash could not be saved; its records stay.\n",
	.run = run,
};
