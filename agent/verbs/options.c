/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A verb's options by their table: taken from the command line, and printed. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define WIDTH 88	/* of what is printed */
#define TERM_MAX 18	/* a longer one has a line of its own */
#define TERM_TEXT 160

/* ---- taking ----------------------------------------------------------------- */

/* The one of that name, or the only one that begins like it. */
static const struct option_row *row_named(const struct option_row *rows, const char *name,
					  size_t len)
{
	const struct option_row *found = NULL;
	unsigned n = 0;

	for (const struct option_row *r = rows; r->name; r++) {
		if (strncmp(r->name, name, len))
			continue;
		if (!r->name[len])
			return r;
		found = r;
		n++;
	}
	return n == 1 ? found : NULL;
}

static const struct option_row *row_lettered(const struct option_row *rows, char letter)
{
	for (const struct option_row *r = rows; r->name; r++)
		if (r->letter == letter)
			return r;
	return NULL;
}

static bool take(const struct option_row *r, void *into, const char *value, struct err *e)
{
	void *at = (char *)into + r->offset;

	if (r->kind == KIND_CALL)
		return r->take(into, value, e) || within(e, "--%s", r->name);
	if (r->kind == KIND_TEXT)
		*(const char **)at = value;
	else
		*(bool *)at = true;
	return true;
}

/* Where a command line is read: `value` is what has yet to be used of the word at `i`. */
struct reading {
	const struct option_row *rows;
	char **argv;
	int argc, i;
};

static bool unknown(const struct reading *r, struct err *e)
{
	return fail(e, EINVAL, "unknown option or missing value: %s", r->argv[r->i]);
}

/* "--name", "--name=VALUE", "--name VALUE". */
static bool take_long(struct reading *r, void *into, struct err *e)
{
	const char *name = r->argv[r->i] + 2, *value = strchr(name, '=');
	const struct option_row *row =
		row_named(r->rows, name, value ? (size_t)(value - name) : strlen(name));

	if (!row || (value && row->kind == KIND_FLAG))
		return unknown(r, e);
	if (value)
		value++;
	else if (row->kind != KIND_FLAG && r->i + 1 == r->argc)
		return unknown(r, e);
	else if (row->kind != KIND_FLAG)
		value = r->argv[++r->i];
	return take(row, into, value, e);
}

/* "-x", "-l VALUE", "-lVALUE", "-xl VALUE". */
static bool take_letters(struct reading *r, void *into, unsigned *n, struct err *e)
{
	for (const char *c = r->argv[r->i] + 1; *c; c++, ++*n) {
		const struct option_row *row = row_lettered(r->rows, *c);

		if (!row)
			return unknown(r, e);
		if (row->kind == KIND_FLAG) {
			take(row, into, NULL, e);
			continue;
		}
		++*n;
		if (c[1])
			return take(row, into, c + 1, e);
		if (r->i + 1 == r->argc)
			return unknown(r, e);
		return take(row, into, r->argv[++r->i], e);
	}
	return true;
}

static bool stand_in_front(const struct option_row *row)
{
	while (row->name)
		row++;
	return row->kind == KIND_FRONT;
}

bool options_parse(const struct option_row *rows, void *into, int argc, char **argv,
		   struct operands *out, struct err *e)
{
	struct reading r = { rows, argv, argc, 1 };

	*out = (struct operands){ .words = argv + 1 };
	for (bool ended = false, marked = false; r.i < argc; r.i++) {
		char *word = argv[r.i];

		if (!marked && !strcmp(word, "--")) {
			ended = marked = true;
		} else if (ended || word[0] != '-' || !word[1]) {
			out->words[out->n++] = word;
			ended |= stand_in_front(rows);
		} else if (word[1] != '-') {
			if (!take_letters(&r, into, &out->n_options, e))
				return false;
		} else {
			out->n_options++;
			if (!take_long(&r, into, e))
				return false;
		}
	}
	return true;
}

/* ---- printing --------------------------------------------------------------- */

struct line {
	int indent, at;
};

/* A piece that is not torn apart, on this line or the next. */
static void put(struct line *l, const char *piece, int len)
{
	if (!len)
		return;
	if (l->at > l->indent && l->at + 1 + len > WIDTH)
		l->at = printf("\n%*s", l->indent, "") - 1;
	else if (l->at != l->indent)
		l->at += printf(" ");
	l->at += printf("%.*s", len, piece);
}

static void put_words(struct line *l, const char *text)
{
	for (size_t len; *(text += strspn(text, " ")); text += len) {
		len = strcspn(text, " ");
		put(l, text, len);
	}
}

/* Appends "--name VALUE" to a text of TERM_TEXT characters. */
static void add_term(char *text, const char *before, const struct option_row *r)
{
	size_t len = strlen(text);

	snprintf(text + len, TERM_TEXT - len, "%s--%s%s%s", before, r->name,
		 r->value ? " " : "", r->value ? r->value : "");
}

void options_usage(const struct option_row *rows, const char *operands, int indent)
{
	struct line l = { indent, indent - 1 };	/* the verb's name stands there */

	for (const struct option_row *r = rows; r->name;) {
		unsigned n_open = 1, joins = r->joins;
		char text[TERM_TEXT] = "";

		if (!r->help || joins == JOINS_LATER) {
			r++;
			continue;
		}
		add_term(text, "[", r++);
		for (; r->name && (r->joins == JOINS_OR || r->joins == JOINS_IN); r++) {
			n_open += r->joins == JOINS_IN;
			add_term(text, r->joins == JOINS_OR ? "|" : " [", r);
		}
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			 n_open > 1 ? "]]" : "]", joins == JOINS_MANY ? "..." : "");
		put(&l, text, strlen(text));
	}
	for (size_t len; *operands; operands += len + !!operands[len]) {
		len = strcspn(operands, "\n");
		put(&l, operands, len);
		if (operands[len])
			l.at = printf("\n%*s", indent, "") - 1;
	}
	putchar('\n');
}

static int term(const struct option_row *r, char *text)
{
	*text = '\0';
	if (r->letter)
		snprintf(text, TERM_TEXT, "-%c, ", r->letter);
	add_term(text, "", r);
	return strlen(text);
}

/* Where the help of all stands, by the longest term that is not too long; 0: none has any. */
static int help_column(const struct option_row *rows)
{
	char text[TERM_TEXT];
	int column = 0;

	for (const struct option_row *r = rows; r->name; r++) {
		int len;

		if (!r->help || !*r->help)
			continue;
		len = term(r, text);
		if (len > TERM_MAX)
			len = 1;
		column = len + 4 > column ? len + 4 : column;
	}
	return column;
}

void help_item(const char *term, int column, const char *help, const char *more)
{
	struct line l = { column, column };

	if ((int)strlen(term) + 4 > column)
		printf("  %s\n%*s", term, column, "");
	else
		printf("  %-*s", column - 2, term);
	put_words(&l, help);
	put_words(&l, more);
	putchar('\n');
}

void options_help(const struct option_row *rows)
{
	int column = help_column(rows);
	char text[TERM_TEXT];

	if (column)
		putchar('\n');
	for (const struct option_row *r = rows; r->name; r++) {
		if (!r->help || !*r->help)
			continue;
		term(r, text);
		help_item(text, column, r->help, "");
	}
}
