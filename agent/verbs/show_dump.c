/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb show-dump: all of one dump that fits on a screen, and how to look into it. */
#include "verb.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "dump_facts.h"
#include "dump_place.h"
#include "machine/guard.h"
#include "targets/crash_files.h"
#include "targets/sink.h"
#include "targets/target_kinds.h"

#define LOG_READ (128u << 10)
#define LOG_LINES 40

struct showing {
	struct dump_places places;
	bool as_json;
	char *text, *log;	/* for the manifest, for the log's end */
	int status;
	char parent[TARGET_MAX + 400], name[FOLDER_NAME_MAX];
};

/* ---- what is printed -------------------------------------------------------- */

static void row(const char *label, const char *value)
{
	if (*value)
		printf("%-16s %s\n", label, value);
}

static void row_bytes(const char *label, uint64_t n)
{
	char text[32];

	format_bytes(n, text, sizeof(text));
	if (n)
		row(label, text);
}

static void print_reasons(const struct dump_facts *f, const char *path, const char *label)
{
	struct json_value list, one;
	char text[PANIC_REASON_MAX];

	for (unsigned i = 0; json_find(&f->manifest, path, &list) &&
			     json_element(&list, i, &one); i++) {
		json_text(&one, "", text, sizeof(text));
		row(i ? "" : label, text);
	}
}

/* Of all of it, or of its two parts; and whence they come. */
static void print_sums(const struct dump_facts *f)
{
	uint64_t n = json_count(&f->manifest, "read_back.bytes");
	uint64_t early = json_count(&f->manifest, "read_back.while_copying");
	char text[128];

	if (n) {
		snprintf(text, sizeof(text),
			 "%llu bytes%s, %llu%% of them while it was copied%s",
			 (unsigned long long)n, dump_facts_sampled(f) ? ", a sample" : "",
			 (unsigned long long)(early * 100.0 / n),
			 json_is_true(&f->manifest, "read_back.past_cache")
			 ? "" : ", out of a cache that had been emptied");
		row("read back", text);
	}
	json_text(&f->manifest, "sha256", text, sizeof(text));
	row("sha256", text);
	row_bytes("head", json_count(&f->manifest, "bytes.head"));
	json_text(&f->manifest, "sha256_head", text, sizeof(text));
	row("sha256 of it", text);
	json_text(&f->manifest, "sha256_pages", text, sizeof(text));
	row("sha256 of pages", text);
}

static void print_facts(const struct dump_facts *f)
{
	char text[128];

	row("host", f->host);
	row("time", f->when);
	row("kernel", f->kernel);
	row("machine", f->machine);
	row("build id", f->build_id);
	row("panic", f->panic);
	row("state", f->state);
	row_bytes("size", f->entry->len);
	if (!f->has_manifest)
		return;
	print_reasons(f, "valid.reasons", "not valid");
	print_reasons(f, "complete.reasons", "not complete");
	row_bytes("memory", json_count(&f->manifest, "bytes.memory"));
	snprintf(text, sizeof(text), "%llu, asked for %llu",
		 (unsigned long long)json_count(&f->manifest, "level.used"),
		 (unsigned long long)json_count(&f->manifest, "level.asked"));
	row("dump level", text);
	json_text(&f->manifest, "codec", text, sizeof(text));
	row("codec", text);
	snprintf(text, sizeof(text), "%llu of %llu",
		 (unsigned long long)json_count(&f->manifest, "pages.in_dump"),
		 (unsigned long long)json_count(&f->manifest, "pages.present"));
	row("pages", text);
	print_sums(f);
	json_text(&f->manifest, "agent_version", text, sizeof(text));
	row("agent version", text);
	print_reasons(f, "errors", "warnings");
}

/* From the line that says why it died on, else the last ones. */
static void print_log(struct showing *s, const struct dump_facts *f)
{
	size_t len = dump_facts_log_end(f, s->log, LOG_READ), from = len;
	const char *why = f->panic[0] ? memmem(s->log, len, f->panic, strlen(f->panic)) : NULL;

	if (!len)
		return;
	if (why)
		from = why - s->log;
	for (unsigned n = why ? 0 : LOG_LINES / 2 + 1; from && n; n -= s->log[from] == '\n')
		from--;
	while (from && s->log[from - 1] != '\n')
		from--;
	printf("\n%s%s:\n", crash_files[CRASH_DMESG].name,
	       why ? ", from there on" : ", its end");
	for (unsigned n = 0; from < len && n < LOG_LINES; from++) {
		char c = s->log[from];

		n += c == '\n';
		putchar(c == '\n' || c == '\t' ? c : printable(c));
	}
}

/* Which package a distribution has the kernel's debuginfo in, by its way of naming. */
static void print_debuginfo(const char *kernel, const char *dump)
{
	static const struct { const char *mark, *package, *file; } kinds[] = {
		{ ".el", "kernel-debuginfo-%s", "/usr/lib/debug/lib/modules/%s/vmlinux" },
		{ ".fc", "kernel-debuginfo-%s", "/usr/lib/debug/lib/modules/%s/vmlinux" },
		{ "-default", "kernel-default-debuginfo of %s",
		  "/usr/lib/debug/boot/vmlinux-%s.debug" },
		{ "-generic", "linux-image-unsigned-%s-dbgsym",
		  "/usr/lib/debug/boot/vmlinux-%s" },
		{ "", "linux-image-%s-dbg", "/usr/lib/debug/boot/vmlinux-%s" },
	};
	char name[128], file[160];
	size_t i = 0;

	while (!strstr(kernel, kinds[i].mark))
		i++;
	snprintf(name, sizeof(name), kinds[i].package, kernel);
	snprintf(file, sizeof(file), kinds[i].file, kernel);
	printf("With the kernel's debuginfo (package %s, %s):\n", name,
	       access(file, R_OK) ? "which is not installed here" : "installed here");
	printf("  crash %s %s\n  drgn -c %s -s %s\n", file, dump, dump, file);
}

static void print_how(const struct dump_place *at, const struct dump_facts *f)
{
	const struct store_entry *entry = f->entry;
	const char *file = crash_files[CRASH_DUMP].name;
	unsigned needs = at->target.kind->needs;
	bool is_far = (needs & (NEEDS_NET | NEEDS_MOUNT)) == NEEDS_NET;
	bool here = !is_far && !at->target.is_mounted;
	char part[SINK_NAME_MAX], dump[600];

	if (entry->kind == STORE_LOG)
		return;
	printf("\nTo open it:\n");
	sink_part_name(file, part);
	if (!here)
		printf(is_far ? "Fetch it from %s first.\n" : "Mount %s first.\n",
		       at->words);
	snprintf(dump, sizeof(dump), "%s%s%s/%s", here ? at->store.where : "",
		 here ? "/" : "", entry->name, entry->kind == STORE_CUT ? part : file);
	if (entry->is_sealed)
		printf("Where the key is:\n  crashbox decrypt -i KEY %s%s%s\n",
		       here ? at->store.where : "", here ? "/" : "", entry->name);
	print_debuginfo(f->kernel[0] ? f->kernel : "KERNEL", dump);
	if (f->build_id[0])
		printf("  debuginfod-find debuginfo %s\n", f->build_id);
	if (entry->kind == STORE_CUT)
		printf("It was cut off, and opens with what it has.\n");
}

/* ---- which one -------------------------------------------------------------- */

static int show(struct showing *s, struct dump_place *at, const struct store_entry *entry)
{
	struct dump_facts facts;

	dump_facts_read(&facts, &at->store, entry, s->text);
	if (s->as_json && !facts.has_manifest) {
		log_info("%s: it has no manifest that can be read", entry->name);
		return 1;
	}
	if (s->as_json) {
		printf("%.*s\n", (int)facts.manifest.len, facts.manifest.at);
		return 0;
	}
	printf("%-16s %s/%s\n", "folder", at->store.where, entry->name);
	row("on", at->target.how[0] ? at->words : "");
	print_facts(&facts);
	print_log(s, &facts);
	print_how(at, &facts);
	return 0;
}

static bool find(void *ctx, struct dump_place *at, struct err *e)
{
	struct showing *s = ctx;
	struct store_entry entry;

	if (!store_look(&at->store, s->name, &entry, e))
		return false;
	s->status = show(s, at, &entry);
	return true;
}

/* "/a/b/" is b in /a, "b" is a folder here or a name that `crashbox list` gave. */
static bool split(struct showing *s, const char *what, struct err *e)
{
	size_t len = strlen(what);
	const char *slash;
	struct stat st;

	while (len > 1 && what[len - 1] == '/')
		len--;
	slash = memrchr(what, '/', len);
	/* Of "disk:LABEL=crash:/NAME" the slash belongs to the folder. */
	if (slash)
		snprintf(s->parent, sizeof(s->parent), "%.*s",
			 (int)(slash - what) + (slash == what || slash[-1] == ':'), what);
	else if (!stat(what, &st))
		snprintf(s->parent, sizeof(s->parent), ".");
	if (!stat(what, &st) && !S_ISDIR(st.st_mode))
		return fail(e, ENOTDIR, "%s: not a folder: show-dump takes the name of a dump, "
			    "or the folder of one", what);
	slash = slash ? slash + 1 : what;
	if ((size_t)(what + len - slash) >= sizeof(s->name) || slash == what + len)
		return fail(e, 0, "'%s' is not the name of a dump", what);
	snprintf(s->name, sizeof(s->name), "%.*s", (int)(what + len - slash), slash);
	return true;
}

static int find_and_show(struct showing *s, const char *what)
{
	const struct config *config = &s->places.config;
	struct err e;

	if (!split(s, what, &e) || !dump_places_init(&s->places, !s->parent[0], &e) ||
	    !(s->text = arena_take(&s->places.arena, MANIFEST_READ, 1, "manifest", &e)) ||
	    !(s->log = arena_take(&s->places.arena, LOG_READ, 1, "log", &e))) {
		log_info("%s", e.text);
		return 1;
	}
	if (s->parent[0]) {
		if (dump_place_visit(&s->places, s->parent, find, s, &e))
			return s->status;
		dump_place_say(what, &e);
		return 1;
	}
	for (unsigned i = 0; i < config->n_targets; i++) {
		if (dump_place_visit(&s->places, config->targets[i], find, s, &e))
			return s->status;
		dump_place_say(config->targets[i], &e);
	}
	if (config->n_targets)
		log_info("%s: on none of the targets, and no folder here", what);
	else
		dump_places_say_none(&s->places);
	return 1;
}

static const struct option_row options[] = {
	OPTION_FLAG("json", struct showing, as_json, .help = "the manifest"),
	OPTION_CONFIG(struct showing, places.config_file),
	OPTION_SSH(struct showing, places.ssh),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct operands words;
	struct err e;
	struct showing *s = guard_share(sizeof(*s), &e);

	if (!s)
		return log_info("%s", e.text), 1;
	if (!verb_options(&verb_show_dump, s, argc, argv, &words))
		return 1;
	if (words.n != 1)
		return usage("show-dump takes a NAME or a DIR");
	return find_and_show(s, words.words[0]);
}

const struct verb verb_show_dump = {
	.name = "show-dump",
	.operands = "NAME|DIR",
	.summary = "all about one dump, and how to open it",
	.options = options,
	.about =
"NAME is one that `crashbox list` prints, and is looked for on the configured targets;\n"
"DIR is a folder, or a target's words with the name behind them.\n",
	.more = "",
	.run = run,
};
