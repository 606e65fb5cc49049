/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading NAME=value lines. Quotes and backslashes as in sh(1), as far as a configuration
 * file has them.
 */
#include "shellvars.h"

#include <stddef.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* Of a file that was written elsewhere. */
static bool is_line_end(const char *s)
{
	return *s == '\r' && (s[1] == '\n' || !s[1]);
}

/* To the end of the line; where the value ends is *at. False: it is odd. */
static bool take_value(const char **at, char *value, size_t size)
{
	const char *s = *at;
	char quote = '\0';
	bool ok = true;
	size_t n = 0;

	for (; *s && *s != '\n' && !is_line_end(s); s++) {
		/* A '#' in a word is no comment. */
		if (!quote && strchr(" \t;", *s))
			break;
		if (!quote && strchr("'\"", *s)) {
			quote = *s;
			continue;
		}
		if (*s == quote) {
			quote = '\0';
			continue;
		}
		if (*s == '\\' && quote != '\'' && s[1] && s[1] != '\n')
			s++;
		else if (quote != '\'' && strchr("$`\\", *s))
			ok = false;
		if (n == size - 1)
			ok = false;
		else
			value[n++] = *s;
	}
	value[n] = '\0';
	*at = s;
	return ok && !quote;
}

static bool parse(const char *at, struct shell_var *v)
{
	size_t len;

	if (!strncmp(at, "export ", 7))
		at += 7 + strspn(at + 7, " \t");
	len = strspn(at, LETTERS "0123456789");
	if (!len || len >= sizeof(v->name) || strchr("0123456789", *at) ||
	    (at[len] != '=' && strncmp(at + len, "+=", 2)))
		return false;
	memcpy(v->name, at, len);
	v->name[len] = '\0';
	v->is_assignment = true;
	/* Not every shell knows "+=". */
	if (at[len] == '+')
		return false;
	at += len + 1;
	if (!take_value(&at, v->value, sizeof(v->value)))
		return false;
	at += strspn(at, " \t;\r");
	return !*at || *at == '\n' || *at == '#';
}

static bool is_among(const char *word, size_t len, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == len && !strncmp(*words, word, len))
			return true;
	return false;
}

/* How many of what only a shell follows are open behind this line, `depth` before it. */
static unsigned depth_behind(const char *at, unsigned depth)
{
	static const char *const opens[] = { "if", "case", "for", "while", "until", "{", NULL };
	static const char *const closes[] = { "fi", "esac", "done", "}", NULL };
	static const char *const leads[] = { "then", "else", "do", "&&", "||", "!", NULL };
	bool is_command = true;

	for (;;) {
		size_t len;

		at += strspn(at, " \t\r;");
		len = strcspn(at, " \t\r;\n");
		if (!len || *at == '#')
			return depth;
		if ((is_command && is_among(at, len, opens)) ||
		    (len == 1 && *at == '{' && !is_command))
			depth++;
		else if (is_command && depth && is_among(at, len, closes))
			depth--;
		is_command = is_among(at, len, opens) || is_among(at, len, closes) ||
			     is_among(at, len, leads) || at[len] == ';';
		at += len;
	}
}

bool shell_var_next(struct shell_text *text, struct shell_var *v)
{
	while (*text->at) {
		const char *at = text->at + strspn(text->at, " \t\r");
		size_t len = strcspn(text->at, "\n");
		unsigned depth;

		text->at += len + (text->at[len] == '\n');
		text->line++;
		if (!*at || *at == '\n' || *at == '#')
			continue;
		depth = v->depth;
		*v = (struct shell_var){ .line = text->line, .depth = depth_behind(at, depth) };
		v->is_odd = !parse(at, v) || depth;
		if (v->is_odd && !v->name[0]) {
			len = strcspn(at, "\n") < 60 ? strcspn(at, "\n") : 60;
			memcpy(v->name, at, len);
		}
		return true;
	}
	return false;
}
