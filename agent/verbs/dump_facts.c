/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of a saved crash. Dumps of other tools, kdump's above all, have a log and
 * no manifest.
 */
#include "dump_facts.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/numbers.h"
#include "capture/manifest.h"
#include "targets/crash_files.h"
#include "targets/store.h"

#define LOG_END (128u << 10)
#define LOG_BEGIN 8192u

static void read_manifest(struct dump_facts *f, char *text)
{
	const struct store_entry *entry = f->entry;
	struct json_value reasons, first;

	if (!entry->has_manifest ||
	    !store_manifest(f->store, entry->name, text, MANIFEST_READ, &f->manifest) ||
	    f->manifest.kind != JSON_OBJECT)
		return;
	f->has_manifest = true;
	if (!entry->host_len) {
		json_text(&f->manifest, "host", f->host, sizeof(f->host));
		json_text(&f->manifest, "crash_time", f->when, sizeof(f->when));
	}
	json_text(&f->manifest, "kernel", f->kernel, sizeof(f->kernel));
	json_text(&f->manifest, "machine", f->machine, sizeof(f->machine));
	json_text(&f->manifest, "build_id", f->build_id, sizeof(f->build_id));
	json_text(&f->manifest, "panic", f->panic, sizeof(f->panic));
	if ((json_find(&f->manifest, "complete.reasons", &reasons) &&
	     json_element(&reasons, 0, &first)) ||
	    (json_find(&f->manifest, "valid.reasons", &reasons) &&
	     json_element(&reasons, 0, &first)))
		json_text(&first, "", f->reason, sizeof(f->reason));
}

size_t dump_facts_log_end(const struct dump_facts *f, char *text, size_t size)
{
	const struct store_entry *entry = f->entry;
	uint64_t off = entry->log_len > size ? entry->log_len - size : 0;
	struct store_piece piece = { entry->name, crash_files[CRASH_DMESG].name, off, text,
				     size };
	struct err ignored;
	char *line;

	if (!entry->has_log || !f->store->ops->read(f->store, &piece, &ignored))
		return 0;
	line = off ? memchr(text, '\n', piece.len) : NULL;
	if (line) {
		piece.len -= line + 1 - text;
		memmove(text, line + 1, piece.len);
	}
	return piece.len;
}

/* "Linux version 6.1.0 (...": the first line of any log that is whole. */
static void find_kernel(struct dump_facts *f)
{
	static const char words[] = "Linux version ";
	char text[LOG_BEGIN], *at;
	struct store_piece piece = { f->entry->name, crash_files[CRASH_DMESG].name, 0, text,
				     sizeof(text) - 1 };
	struct err ignored;
	size_t n = 0;

	if (!f->store->ops->read(f->store, &piece, &ignored))
		return;
	text[piece.len] = '\0';
	at = memmem(text, piece.len, words, strlen(words));
	if (!at)
		return;
	at += strlen(words);
	for (; *at > ' ' && *at <= '~' && n < sizeof(f->kernel) - 1; at++)
		f->kernel[n++] = *at;
	f->kernel[n] = '\0';
}

/* A sealed crash does not tell: it is doubtful until it is opened. */
bool dump_facts_sampled(const struct dump_facts *f)
{
	return f->has_manifest && json_is_true(&f->manifest, "read_back.sampled") &&
	       json_is_true(&f->manifest, "complete.value");
}

static const char *state_of(const struct dump_facts *f)
{
	if (f->entry->kind == STORE_CUT)
		return "cut off";
	if (f->entry->kind == STORE_LOG)
		return "log only";
	if (!f->has_manifest)
		return "no manifest";
	if (!json_is_true(&f->manifest, "valid.value"))
		return dump_facts_sampled(f) ? "sampled" : "doubtful";
	return json_is_true(&f->manifest, "complete.value") ? "complete" : "incomplete";
}

void dump_facts_read(struct dump_facts *f, struct store *s, const struct store_entry *entry,
		     char *text)
{
	char log[LOG_END];
	struct panic_reason why = { .panic = "" };

	*f = (struct dump_facts){ .store = s, .entry = entry };
	snprintf(f->host, sizeof(f->host), "%.*s", (int)entry->host_len, entry->name);
	format_utc(entry->when, f->when, sizeof(f->when));
	read_manifest(f, text);
	if (!f->panic[0] && entry->has_log) {
		panic_reason_feed(&why, log, dump_facts_log_end(f, log, sizeof(log)));
		snprintf(f->panic, sizeof(f->panic), "%s", panic_reason_line(&why));
	}
	if (!f->kernel[0] && entry->has_log)
		find_kernel(f);
	f->state = state_of(f);
}
