/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes a word of command lines and nothing else of a file. What is quoted is looked at as
 * words between blanks: nobody writes a crashkernel= that has some.
 */
#include "reserve_edit.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

#define WORD "crashkernel="

typedef const char *const program[6];

static program update_grub = { "update-grub" };
static program grub2_config = { "grub2-mkconfig", "-o", "/boot/grub2/grub.cfg" };
static program grub_config = { "grub-mkconfig", "-o", "/boot/grub/grub.cfg" };
static program update_extlinux = { "update-extlinux" };
static program u_boot_update = { "u-boot-update" };

static const char *const *const of_grub[] = { update_grub, grub2_config, grub_config, NULL };
static const char *const *const of_extlinux[] = { update_extlinux, NULL };
static const char *const *const of_u_boot[] = { u_boot_update, NULL };

static const struct reserve_row rows[] = {
	{ "/etc/default/grub", NULL, RESERVE_QUOTED, "GRUB_CMDLINE_LINUX_DEFAULT",
	  "GRUB_CMDLINE_LINUX", of_grub },
	{ "/etc/update-extlinux.conf", NULL, RESERVE_QUOTED, "default_kernel_opts", NULL,
	  of_extlinux },
	{ "/etc/default/u-boot", NULL, RESERVE_QUOTED, "U_BOOT_PARAMETERS", NULL, of_u_boot },
	{ "/etc/kernel/cmdline", NULL, RESERVE_WHOLE, NULL, NULL, NULL },
	{ "/boot/loader/entries", ".conf", RESERVE_BEHIND, "options", NULL, NULL },
	{ "/boot/efi/loader/entries", ".conf", RESERVE_BEHIND, "options", NULL, NULL },
	{ "/efi/loader/entries", ".conf", RESERVE_BEHIND, "options", NULL, NULL },
	{ "/boot/extlinux/extlinux.conf", NULL, RESERVE_BEHIND, "append", NULL, NULL },
	{ "/boot/syslinux/syslinux.cfg", NULL, RESERVE_BEHIND, "append", NULL, NULL },
	{ "/boot/firmware/cmdline.txt", NULL, RESERVE_WHOLE, NULL, NULL, NULL },
};

const struct reserve_row *reserve_row_at(size_t nr)
{
	return nr < sizeof(rows) / sizeof(rows[0]) ? &rows[nr] : NULL;
}

/* A number and K, M or G; NULL: it is none, else what follows. */
static const char *behind_number(const char *at)
{
	size_t n = strspn(at, "0123456789");

	if (!n || n > 6 || strspn(at, "0") >= n || !at[n] || !strchr("kKmMgG", at[n]))
		return NULL;
	return at + n + 1;
}

bool reserve_size_is_good(const char *size)
{
	const char *at = size;

	if (strlen(size) + sizeof(WORD) > RESERVE_WORDS)
		return false;
	while (at) {
		at = behind_number(at);
		if (at && *at == '-') {	/* a range of memory, open at its end or not */
			at = at[1] == ':' ? at + 1 : behind_number(at + 1);
			at = at && *at == ':' ? behind_number(at + 1) : NULL;
		}
		if (at && *at == '@')
			at = behind_number(at + 1);
		if (!at || !*at || !strcmp(at, ",high") || !strcmp(at, ",low"))
			return at != NULL;
		at = *at == ',' ? at + 1 : NULL;
	}
	return false;
}

/* ---- a text that grows ------------------------------------------------------ */

struct edited {
	char *out;
	size_t size, len;
	char *old;
	const char *words;	/* to be put in, once a line */
	bool is_cut;
};

static void put(struct edited *to, const char *text, size_t len)
{
	if (to->len + len >= to->size) {
		to->is_cut = true;
		return;
	}
	memcpy(to->out + to->len, text, len);
	to->len += len;
	to->out[to->len] = '\0';
}

static void put_text(struct edited *to, const char *text)
{
	put(to, text, strlen(text));
}

static void note_old(struct edited *to, const char *word, size_t len)
{
	size_t at = strlen(to->old);

	if (at + len + 2 <= RESERVE_WORDS)
		snprintf(to->old + at, RESERVE_WORDS - at, "%s%.*s", at ? " " : "", (int)len,
			 word);
}

static bool is_wanted(const char *word, size_t len)
{
	return len > strlen(WORD) && !strncmp(word, WORD, strlen(WORD));
}

/* Has this stretch of words one of ours? */
static bool has_word(const char *words, size_t len)
{
	for (size_t i = 0; i + strlen(WORD) < len; i++)
		if ((!i || strchr(" \t\"'", words[i - 1])) && is_wanted(words + i, len - i))
			return true;
	return false;
}

/*
 * Words without ours, each with the blank in front of it, so that a line which has none is
 * left as it was; then the new ones, if any. A first word that goes leaves its blank to the
 * next one.
 */
static void put_words(struct edited *to, const char *words, size_t len, bool is_to_have)
{
	size_t lead = len;
	bool any = false;

	for (size_t i = 0, blank, n; i < len; i += blank + n) {
		blank = strspn(words + i, " \t");
		blank = blank > len - i ? len - i : blank;
		n = strcspn(words + i + blank, " \t");
		n = n > len - i - blank ? len - i - blank : n;
		if (lead == len)
			lead = blank;
		if (is_wanted(words + i + blank, n)) {
			note_old(to, words + i + blank, n);
			continue;
		}
		put(to, any ? words + i : words, any ? blank : lead);
		put(to, words + i + blank, n);
		any |= n > 0;
	}
	if (!is_to_have || !*to->words)
		return;
	if (!any && len)
		put(to, words, lead);
	else if (any && to->len && !isspace((unsigned char)to->out[to->len - 1]))
		put_text(to, " ");
	put_text(to, to->words);
}

/* ---- shapes ----------------------------------------------------------------- */

/* KEY="words", and where they lie. False: the line is of another key. */
static bool quoted(const char *line, size_t len, const char *key, const char **words,
		   size_t *words_len)
{
	size_t n = strlen(key);
	char quote;

	if (len <= n + 1 || strncmp(line, key, n) || line[n] != '=')
		return false;
	quote = line[n + 1];
	*words = line + n + 1;
	*words_len = strcspn(*words, " \t\n;#");
	if (quote == '"' || quote == '\'') {
		const char *end = memchr(line + n + 2, quote, len - n - 2);

		*words = line + n + 2;
		*words_len = end ? (size_t)(end - *words) : len - n - 2;
	}
	return true;
}

/*
 * Is a key set in a way that quoted() does not understand: exported, appended to, indented, or
 * with a value that goes on in the next line? Another line for it could undo what it says.
 */
static bool is_odd(const char *line, size_t len, const char *key)
{
	size_t n = strlen(key), words_len, at = strspn(line, " \t");
	const char *words;

	if (!strncmp(line + at, "export ", 7))
		at += 7 + strspn(line + at + 7, " \t");
	if (at + n >= len || strncmp(line + at, key, n) ||
	    (line[at + n] != '=' && line[at + n] != '+'))
		return false;
	if (!quoted(line, len, key, &words, &words_len))
		return true;
	return (words[-1] == '"' || words[-1] == '\'') && words[words_len] != words[-1];
}

static bool is_understood(const struct reserve_row *row, const char *text, struct err *e)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (is_odd(line, len, row->key) ||
		    (row->beside && is_odd(line, len, row->beside)))
			return fail(e, EINVAL, "%s: '%.*s' is not understood: change that line "
				    "by hand", row->path, (int)(len < 80 ? len : 80), line);
		line += len + (line[len] == '\n');
	}
	return true;
}

/* In which of a row's keys the word is already; its own, if in none. */
static const char *key_that_has(const struct reserve_row *row, const char *text)
{
	for (const char *line = text; row->beside && *line;) {
		size_t len = strcspn(line, "\n"), n;
		const char *words;

		if (quoted(line, len, row->beside, &words, &n) && has_word(words, n))
			return row->beside;
		line += len + (line[len] == '\n');
	}
	return row->key;
}

static bool edit_quoted(struct edited *to, const struct reserve_row *row, const char *line,
			size_t len, const char *key)
{
	const char *words, *own = NULL;
	size_t n;

	if (quoted(line, len, row->key, &words, &n))
		own = row->key;
	else if (row->beside && quoted(line, len, row->beside, &words, &n))
		own = row->beside;
	if (!own) {
		put(to, line, len);
		return false;
	}
	put(to, line, words - line);
	put_text(to, words[-1] == '=' ? "\"" : "");
	put_words(to, words, n, own == key);
	put_text(to, words[-1] == '=' ? "\"" : "");
	put(to, words + n, line + len - (words + n));
	return own == key;
}

static bool edit_behind(struct edited *to, const char *line, size_t len, const char *key)
{
	size_t indent = strspn(line, " \t"), n = strlen(key);

	if (indent + n >= len || strncasecmp(line + indent, key, n) ||
	    !strchr(" \t", line[indent + n])) {
		put(to, line, len);
		return false;
	}
	put(to, line, indent + n);
	put_words(to, line + indent + n, len - indent - n, true);
	return true;
}

bool reserve_edit(const struct reserve_row *row, const char *text, const char *words,
		  struct reserve_edited *edited, struct err *e)
{
	struct edited to = { .out = edited->out, .size = edited->size, .old = edited->old,
			     .words = words };
	const char *key = row->shape == RESERVE_QUOTED ? key_that_has(row, text) : row->key;
	bool is_there = false;

	to.old[0] = to.out[0] = '\0';
	if (row->shape == RESERVE_QUOTED && !is_understood(row, text, e))
		return false;
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (row->shape == RESERVE_QUOTED) {
			/* A shell takes the last of several lines: it gets the word as well. */
			is_there |= edit_quoted(&to, row, line, len, key);
		} else if (row->shape == RESERVE_BEHIND) {
			is_there |= edit_behind(&to, line, len, row->key);
		} else if (line[0] == '#') {
			put(&to, line, len);
		} else {
			put_words(&to, line, len, !is_there && len);
			is_there |= len > 0;
		}
		put(&to, "\n", line[len] == '\n');
		line += len + (line[len] == '\n');
	}
	if (!is_there && row->shape == RESERVE_QUOTED && *words) {
		put_text(&to, to.len && to.out[to.len - 1] != '\n' ? "\n" : "");
		put_text(&to, row->key);
		put_text(&to, "=\"");
		put_text(&to, words);
		put_text(&to, "\"\n");
		is_there = true;
	}
	if (to.is_cut)
		return fail(e, EFBIG, "%s: longer than %zu bytes", row->path, to.size);
	return is_there || fail(e, ENOENT, "%s: has no command line", row->path);
}
