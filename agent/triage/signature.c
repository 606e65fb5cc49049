/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a stack to a name: reporters and wrappers go, what is below an entry is not the
 * subject's, and the first function that is no helper of everybody is where it happened.
 */
#include "signature.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/numbers.h"

#define OUTER_FRAMES 3

/* ---- frames ------------------------------------------------------------------ */

struct frame_list {
	const struct frame_name *at[SIGNATURE_INPUT];
	unsigned n;
};

/* A function that calls itself, directly or not, counts once. */
static bool is_in(const struct frame_list *list, const struct frame_name *f)
{
	for (unsigned i = 0; i < list->n; i++)
		if (!strcmp(list->at[i]->text, f->text))
			return true;
	return false;
}

/*
 * What counts of a stack. Those that report stand in front of the subject, with helpers that
 * they call; the same function further out (do_exit, of a task that just ends) is no reporter.
 */
static void choose(const struct signature_input *in, struct frame_list *list)
{
	bool plain_seen = false;

	list->n = 0;
	for (unsigned i = 0; i < in->n_stack && list->n < SIGNATURE_INPUT; i++) {
		const struct frame_name *f = &in->stack[i];

		switch (frame_role(f)) {
		case FRAME_REPORTER:
			if (!plain_seen)
				list->n = 0;
			continue;
		case FRAME_WRAPPER:
			continue;
		case FRAME_ENTRY:
			/* One that comes first is where it happened itself. */
			if (!list->n)
				list->at[list->n++] = f;
			return;
		case FRAME_PLAIN:
			plain_seen = true;
			break;
		case FRAME_PRIMITIVE:
			break;
		}
		if (!is_in(list, f))
			list->at[list->n++] = f;
	}
}

static void take(struct signature *s, const struct frame_list *list, unsigned from, unsigned n)
{
	for (unsigned i = from; i < list->n && s->n_frames < n; i++)
		s->frames[s->n_frames++] = *list->at[i];
}

static void take_frames(struct signature *s, const struct signature_input *in)
{
	struct frame_list list;
	unsigned where = 0;

	choose(in, &list);
	while (where < list.n && frame_role(list.at[where]) == FRAME_PRIMITIVE)
		where++;
	if (crash_kinds[in->kind].outer) {
		if (where == list.n)
			where = 0;
		if (list.n - where > OUTER_FRAMES)
			where = list.n - OUTER_FRAMES;
		take(s, &list, where, OUTER_FRAMES);
		return;
	}
	take(s, &list, where < list.n ? where : 0, SIGNATURE_FRAMES);
}

/* ---- text -------------------------------------------------------------------- */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/*
 * A panic's own words, with numbers as N: addresses, sizes and names of disks differ from
 * crash to crash. A number is a word that begins with a digit or 0x, or the digits behind
 * letters ("sda1", "cpu3"), or eight and more hexadecimal digits.
 */
static void set_words(char *to, size_t size, const char *text)
{
	size_t n = 0;

	while (*text && n < size - 1) {
		size_t hex = 0;

		while (is_hex(text[hex]))
			hex++;
		if (text[0] == '0' && text[1] == 'x' && is_hex(text[2])) {
			text += 2 + strspn(text + 2, "0123456789abcdefABCDEF");
		} else if (hex >= 8 || (*text >= '0' && *text <= '9')) {
			text += hex >= 8 ? hex : strspn(text, "0123456789");
		} else {
			to[n++] = *text == '|' ? '?' : printable(*text);
			text++;
			continue;
		}
		to[n++] = 'N';
	}
	to[n] = '\0';
}

static void hash(const char *text, char id[SIGNATURE_ID])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, strlen(text), (const uint8_t *)text);
	sha256_digest(&sha, sizeof(digest), digest);
	snprintf(id, SIGNATURE_ID, "c%d-", SIGNATURE_VERSION);
	format_hex(id + 3, digest, 8);
}

struct signature_text {
	char text[SIGNATURE_FRAMES * (FRAME_NAME_MAX + 1) + 160];
	size_t len;
};

static void add(struct signature_text *t, const char *word)
{
	size_t left = sizeof(t->text) - t->len;
	int n = snprintf(t->text + t->len, left, "%s%s", t->len ? "|" : "", word);

	t->len += (size_t)n < left ? (size_t)n : left - 1;
}

/* Of kinds without a stack: what else tells one from another. */
static void set_bare(struct signature *s, const struct signature_input *in,
		     struct signature_text *t)
{
	char words[120] = "";

	if (in->kind == KIND_PANIC || in->kind == KIND_FS_PANIC || in->kind == KIND_UNKNOWN)
		set_words(words, sizeof(words), in->panic);
	else
		snprintf(words, sizeof(words), "%s", in->subkind);
	if (words[0])
		add(t, words);
	hash(t->text, s->id);
	hash(t->text, s->coarse);
	snprintf(s->title, sizeof(s->title), "%s%s%s", s->kind_text, words[0] ? ", " : "",
		 words);
}

static bool is_checker(enum crash_kind kind)
{
	return kind == KIND_KASAN || kind == KIND_KFENCE;
}

static void set_coarse(struct signature *s, const struct crash_kind_facts *facts)
{
	char text[FRAME_NAME_MAX + 160];

	snprintf(text, sizeof(text), "c%d|%s|%s", SIGNATURE_VERSION,
		 facts->coarse ? facts->coarse : s->kind_text, s->frames[0].text);
	hash(text, s->coarse);
}

/*
 * What was a module's code is not mapped any more, or, since Linux 7.x, full of breakpoints:
 * the same fault.
 */
static enum crash_kind kind_of(const struct signature_input *in)
{
	return in->kind == KIND_INVALID_OP && in->n_stack &&
	       !strcmp(in->stack[0].text, FRAME_UNLOADED) ? KIND_BAD_EXEC : in->kind;
}

void signature_make(struct signature *s, const struct signature_input *in)
{
	const enum crash_kind kind = kind_of(in);
	const struct crash_kind_facts *facts = &crash_kinds[kind];
	struct signature_text t = { .len = 0 };

	memset(s, 0, sizeof(*s));
	s->kind = kind;
	s->whose = in->whose;
	snprintf(s->kind_text, sizeof(s->kind_text), "%s%s%s", facts->token,
		 is_checker(in->kind) && in->subkind[0] ? "-" : "",
		 is_checker(in->kind) ? in->subkind : "");
	if (facts->subject != SUBJECT_NONE)
		take_frames(s, in);
	snprintf(t.text, sizeof(t.text), "c%d", SIGNATURE_VERSION);
	t.len = strlen(t.text);
	add(&t, s->kind_text);
	if (!s->n_frames) {
		set_bare(s, in, &t);
		return;
	}
	s->confidence = in->confidence;
	set_coarse(s, facts);
	add(&t, s->frames[0].text);
	for (unsigned i = 1; i < s->n_frames; i++)
		add(&t, s->frames[i].text);
	hash(t.text, s->id);
	snprintf(s->title, sizeof(s->title), "%s in %s", s->kind_text, s->frames[0].text);
}

const char *signature_confidence_text(enum signature_confidence c)
{
	static const char *const texts[] = { "none", "log", "resynced", "exact" };

	return texts[c];
}

const char *signature_stack_text(enum signature_stack whose)
{
	static const char *const texts[] = { "subject", "circle", "holder" };

	return texts[whose];
}
