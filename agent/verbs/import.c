/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb import: another tool's file in, ours out; what is written is checked by those
 * who will read it.
 */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "config/config.h"
#include "host/whole_file.h"
#include "import/import.h"
#include "import/shellvars.h"

#define FILE_TEXT (64u << 10)
#define OUT_TEXT (IMPORT_TEXT + IMPORT_NOTES * 400u)

static const struct dialect {
	const char *name, *file;
	void (*move)(struct import *m, const char *text);
} dialects[] = {
	{ "redhat", "kdump.conf", import_redhat },
	{ "debian", "kdump-tools", import_debian },
	{ "suse", "kdump", import_suse },
};

/* Red Hat has a file of the same name as SUSE's, which says how to load and nothing else. */
static bool is_loading_only(const char *text)
{
	struct shell_text lines = { .at = text };
	struct shell_var v = { .depth = 0 };

	while (shell_var_next(&lines, &v))
		if (!strcmp(v.name, "KDUMP_COMMANDLINE_REMOVE") ||
		    !strcmp(v.name, "KEXEC_ARGS") || !strcmp(v.name, "KDUMP_IMG"))
			return true;
	return false;
}

#define N_DIALECTS (sizeof(dialects) / sizeof(dialects[0]))

static const struct dialect *dialect_named(const char *name)
{
	for (size_t i = 0; i < N_DIALECTS; i++)
		if (!strcmp(name, dialects[i].name))
			return &dialects[i];
	return NULL;
}

/* By what only one of them says, else by the file's name. */
static const struct dialect *recognise(const char *path, const char *text)
{
	const char *slash = strrchr(path, '/');
	struct shell_text lines = { .at = text };
	struct shell_var v = { .depth = 0 };

	while (shell_var_next(&lines, &v)) {
		if (!strcmp(v.name, "KDUMP_SAVEDIR") || !strcmp(v.name, "KDUMP_DUMPLEVEL"))
			return dialect_named("suse");
		if (!strcmp(v.name, "USE_KDUMP") || !strcmp(v.name, "MAKEDUMP_ARGS") ||
		    !strcmp(v.name, "KDUMP_COREDIR"))
			return dialect_named("debian");
		if (v.is_odd && (!strncmp(v.name, "path ", 5) ||
				 !strncmp(v.name, "core_collector ", 15)))
			return dialect_named("redhat");
	}
	for (size_t i = 0; i < N_DIALECTS; i++)
		if (!strcmp(slash ? slash + 1 : path, dialects[i].file))
			return &dialects[i];
	return NULL;
}

/* ---- what is written -------------------------------------------------------- */

struct result {
	char text[OUT_TEXT];
	size_t len;
};

__attribute__((format(printf, 2, 3)))
static void put(struct result *r, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(r->text + r->len, sizeof(r->text) - r->len, fmt, ap);
	va_end(ap);
	r->len += n > 0 && (size_t)n < sizeof(r->text) - r->len ? n : 0;
	r->text[r->len] = '\0';
}

static void put_notes(struct result *r, const struct import *m, const char *file)
{
	for (int kind = 0; kind < N_NOTE_KINDS; kind++) {
		for (unsigned i = 0; i < m->n_notes; i++) {
			const struct import_note *note = &m->notes[i];
			char line[16] = "";

			if ((int)note->kind != kind)
				continue;
			if (note->line)
				snprintf(line, sizeof(line), " line %u", note->line);
			put(r, "# %s: %s: %s\n", note_kind_name(kind), note->what, note->why);
			log_info("%s%s: %s: %s: %s", file, line, note_kind_name(kind),
				 note->what, note->why);
		}
	}
}

/* What we have written must be what we would read. */
static bool check(const struct result *r, struct err *e)
{
	const char *at = r->text;
	struct config config;

	config_init(&config);
	while (*at) {
		if (!config_line(&config, at, e))
			return within(e, "what came of it");
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return config_check(&config, e) || within(e, "what came of it is not enough");
}

static bool write_result(const struct result *r, const char *path, struct err *e)
{
	cleanup_fd int fd = -1;

	if (!path || !strcmp(path, FILE_STDOUT))
		return write_all(STDOUT_FILENO, r->text, r->len, "standard output", e);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(e, errno, "%s: %s", path, errno == EEXIST ?
			    "is there already, and is not replaced" : strerror(errno));
	return write_all(fd, r->text, r->len, path, e);
}

static int import(const char *file, const struct dialect *dialect, const char *to,
		  const char *const *known_hosts)
{
	static const char *const defaults[] = { "/root/.ssh/known_hosts",
						"/etc/ssh/ssh_known_hosts", NULL };
	struct import m = { .known_hosts = known_hosts[0] ? known_hosts : defaults };
	struct result r = { .len = 0 };
	char text[FILE_TEXT];
	bool good;
	struct err e, written;

	if (!read_text(file, text, sizeof(text), &e)) {
		log_info("%s", e.text);
		return 1;
	}
	if (!dialect && is_loading_only(text)) {
		log_info("%s: this one of Red Hat's says how to load only; what a dump is to "
			 "be stands in /etc/kdump.conf: import that", file);
		return 1;
	}
	if (!dialect && !(dialect = recognise(file, text))) {
		log_info("%s: whose file is it? Say --from redhat, debian or suse", file);
		return 1;
	}
	dialect->move(&m, text);
	put(&r, "# Made from %s (%s) by crashbox import.\n", file, dialect->name);
	put(&r, "%s", m.text);
	put_notes(&r, &m, file);
	good = check(&r, &e);
	if (!write_result(&r, to, &written)) {
		log_info("%s", written.text);
		return 1;
	}
	if (!good)
		log_info("%s", e.text);
	return !good;
}

#define MAX_KNOWN 7

struct import_words {
	const char *from, *to;
	const char *known_hosts[MAX_KNOWN + 1];
	unsigned n_known;
};

static bool take_known_hosts(void *into, const char *value, struct err *e)
{
	struct import_words *w = into;

	if (w->n_known == MAX_KNOWN)
		return fail(e, EINVAL, "more than %u", MAX_KNOWN);
	w->known_hosts[w->n_known++] = value;
	return true;
}

static const struct option_row options[] = {
	OPTION_TEXT("from", "redhat|debian|suse", struct import_words, from,
		.help = "whose file it is, where neither its text nor its name tells"),
	OPTION_TEXT("output", "FILE", struct import_words, to, .letter = 'o',
		.help = "write there; a file that is there is not replaced"),
	OPTION_CALL("known-hosts", "FILE", take_known_hosts, .joins = JOINS_MANY, .help =
		"where servers' keys are looked up (default /root/.ssh/known_hosts and "
		"/etc/ssh/ssh_known_hosts)"),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct import_words w = { .n_known = 0 };
	const struct dialect *dialect = NULL;
	struct operands words;

	if (!verb_options(&verb_import, &w, argc, argv, &words))
		return 1;
	if (w.from && !(dialect = dialect_named(w.from)))
		return usage("--from %s: none of redhat, debian, suse", w.from);
	if (words.n != 1)
		return usage("import takes a FILE");
	return import(words.words[0], dialect, w.to, w.known_hosts);
}

const struct verb verb_import = {
	.name = "import",
	.operands = "FILE",
	.summary = "turn the configuration of kdump into ours",
	.options = options,
	.about =
"FILE is Red Hat's /etc/kdump.conf, Debian's /etc/default/kdump-tools or SUSE's\n"
"/etc/sysconfig/kdump. What becomes of it is printed; whatever is not taken over, is done\n"
"otherwise or is left to be done is said, with the reason, there and on standard error.\n",
	.more =
"Exit status: 0 what was written is a configuration, 1 something is missing, or failed.\n",
	.run = run,
};
