/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs crashes again out of text (tests/fixtures/signatures, tools/signature-input): resign
 * FILE... prints of each, between tabs: way, kernel, signature, coarse one, the one by the log
 * alone, confidence, title. Exit 1 if a kind or a signature is not what the text says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "triage/oops_reader.h"
#include "triage/signature.h"

#define FRAMES 128
#define LINE 1024

/* A crash on a kernel. */
struct cell {
	char kernel[32], kind[48], id[SIGNATURE_ID], coarse[SIGNATURE_ID], confidence[16];
	char bare[160];
	struct frame_name frames[FRAMES];
	unsigned n_frames;
	struct oops_reader log;
};

static void begin(struct cell *c, const char *kernel)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->kernel, sizeof(c->kernel), "%s", kernel);
	oops_reader_init(&c->log);
}

static void add_frame(struct cell *c, const char *text)
{
	const char *mark = strchr(text, '!');
	char module[FRAME_NAME_MAX];

	if (c->n_frames == FRAMES)
		return;
	if (mark)
		snprintf(module, sizeof(module), "%.*s", (int)(mark - text), text);
	frame_name_set(&c->frames[c->n_frames++], mark ? mark + 1 : text, mark ? module : NULL);
}

static void sign(const struct cell *c, bool by_log, struct signature *s)
{
	const struct oops *o = &c->log.death;
	struct frame_name names[OOPS_FRAMES];
	struct signature_input in = { .kind = o->kind, .subkind = o->subkind,
				      .panic = c->log.panic, .confidence = CONFIDENCE_EXACT };

	for (unsigned i = 0; i < o->n_frames; i++)
		names[i] = o->frames[i].name;
	in.stack = by_log ? names : c->frames;
	in.n_stack = by_log ? o->n_frames : c->n_frames;
	/* Who used up memory, and what is no task that tasks wait for, is told by memory. */
	if (o->kind == KIND_OOM || (o->kind == KIND_HUNG_TASK && c->bare[0]))
		in.subkind = by_log ? "" : c->bare;
	if (o->kind == KIND_HUNG_TASK && c->bare[0] && !by_log)
		in.n_stack = 0;
	signature_make(s, &in);
}

static bool same(const char *way, const struct cell *c, const char *wanted, const char *got)
{
	if (!strcmp(wanted, got))
		return true;
	fprintf(stderr, "resign: %s on %s: wanted '%s', got '%s'\n", way, c->kernel, wanted,
		got);
	return false;
}

static bool end(const char *way, struct cell *c)
{
	struct signature s, by_log;

	if (!c->kernel[0])
		return true;
	oops_reader_end(&c->log);
	sign(c, false, &s);
	/* Nothing in memory told it. */
	if (!s.n_frames && !strcmp(c->confidence, "log"))
		sign(c, true, &s);
	sign(c, true, &by_log);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", way, c->kernel, s.id, s.coarse, by_log.id,
	       c->confidence, s.title);
	return same(way, c, c->kind, crash_kinds[c->log.death.kind].token) &
	       same(way, c, c->id, s.id) & same(way, c, c->coarse, s.coarse);
}

static bool take(const char *way, struct cell *c, char *line)
{
	static const struct {
		const char *key;
		size_t at, size;
	} texts[] = {
#define TEXT(member) { #member, offsetof(struct cell, member), sizeof(c->member) }
		TEXT(kind), TEXT(id), TEXT(coarse), TEXT(confidence), TEXT(bare),
	};
	char *value = strchr(line, ' ');
	bool ok = true;

	if (!value || line[0] == '#')
		return true;
	*value++ = '\0';
	if (!strcmp(line, "kernel")) {
		ok = end(way, c);
		begin(c, value);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(line, texts[i].key))
			snprintf((char *)c + texts[i].at, texts[i].size, "%s", value);
	if (!strcmp(line, "frame"))
		add_frame(c, value);
	if (!strcmp(line, "log"))
		oops_reader_feed(&c->log, value, strlen(value));
	return ok;
}

int main(int argc, char **argv)
{
	static struct cell c;
	char line[LINE];
	bool ok = argc > 1;

	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/'), *way = slash ? slash + 1 : argv[i];
		FILE *in = fopen(argv[i], "r");

		if (!in) {
			perror(argv[i]);
			return 1;
		}
		begin(&c, "");
		while (fgets(line, sizeof(line), in)) {
			line[strcspn(line, "\n")] = '\0';
			ok &= take(way, &c, line);
		}
		ok &= end(way, &c);
		fclose(in);
	}
	return !ok;
}
