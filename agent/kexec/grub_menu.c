/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menu as grub-mkconfig writes it: a line that opens a menu or an entry ends in a brace,
 * and a line with a brace alone closes what was opened last.
 */
#include "grub_menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "host/root.h"

#define MAX_DEPTH 8	/* of braces */
#define BLANKS " \t"

/* A line without the blanks in front and its newline; false at the end. */
static bool take_line(const char **at, const char **line, size_t *len)
{
	if (!**at)
		return false;
	*len = strcspn(*at, "\n");
	*line = *at;
	*at += *len + ((*at)[*len] == '\n');
	while (*len && strchr(BLANKS, **line))
		++*line, --*len;
	while (*len && strchr(BLANKS "\r", (*line)[*len - 1]))
		--*len;
	return true;
}

static bool begins(const char *line, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len > n && !memcmp(line, word, n) && strchr(BLANKS, line[n]);
}

/* A word of the line from `from` on, without its quotes. */
static void take_word(const char *line, size_t len, size_t from, char word[256])
{
	size_t n = 0;
	char quote;

	while (from < len && strchr(BLANKS, line[from]))
		from++;
	quote = from < len && strchr("'\"", line[from]) ? line[from++] : 0;
	while (from + n < len && n < 255 &&
	       (quote ? line[from + n] != quote : !strchr(BLANKS, line[from + n])))
		n++;
	memcpy(word, line + from, n);
	word[n] = '\0';
}

bool grub_variable(const char *root, const char *name, char value[GRUB_VALUE_MAX])
{
	static const char *const files[] = { "/boot/grub2/grubenv", "/boot/grub/grubenv",
					     "/boot/efi/EFI/redhat/grubenv",
					     "/boot/efi/EFI/fedora/grubenv" };
	const size_t name_len = strlen(name);
	char text[8192];
	struct err ignored;

	value[0] = '\0';
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *at = text, *line;
		size_t len;

		if (!root_read(root, files[i], text, sizeof(text), &ignored))
			continue;
		while (take_line(&at, &line, &len)) {
			if (len <= name_len || memcmp(line, name, name_len) ||
			    line[name_len] != '=')
				continue;
			snprintf(value, GRUB_VALUE_MAX, "%.*s",
				 (int)min_u64(len - name_len - 1, GRUB_VALUE_MAX - 1),
				 line + name_len + 1);
			return value[0];
		}
	}
	return false;
}

void grub_default(const char *root, const char *text, char wanted[GRUB_VALUE_MAX])
{
	static const char set[] = "set default=";
	const char *line;
	char word[256];
	size_t len;

	wanted[0] = '\0';
	if (strstr(text, "next_entry") && grub_variable(root, "next_entry", wanted))
		return;
	while (take_line(&text, &line, &len)) {
		if (len < sizeof(set) || memcmp(line, set, sizeof(set) - 1))
			continue;
		take_word(line, len, sizeof(set) - 1, word);
		if (strstr(word, "saved_entry"))
			grub_variable(root, "saved_entry", wanted);
		else if (!strchr(word, '$'))
			snprintf(wanted, GRUB_VALUE_MAX, "%s", word);
	}
}

/* "menuentry 'TITLE' ... --id ID {": is it that one, or the nr-th of its menu? */
static bool is_it(const char *line, size_t len, unsigned nr, const char *name)
{
	static const char *const marks[] = { "menuentry_id_option", "--id" };
	char word[256], *end;
	const char *at;

	if (strtoul(name, &end, 10) == nr && end != name && !*end)
		return true;
	take_word(line, len, strcspn(line, BLANKS), word);
	if (!strcmp(word, name))
		return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		at = memmem(line, len, marks[i], strlen(marks[i]));
		if (!at)
			continue;
		take_word(line, len, at - line + strlen(marks[i]), word);
		if (!strcmp(word, name))
			return true;
	}
	return false;
}

/* The next of the names that stand between ">"; false: there is no more. */
static bool next_name(const char **names, char name[256])
{
	size_t len = strcspn(*names, ">");

	snprintf(name, 256, "%.*s", (int)min_u64(len, 255), *names);
	*names += len + ((*names)[len] == '>');
	return name[0];
}

const char *grub_entry(const char *text, const char *wanted)
{
	const char *at = text, *line, *found = text;
	unsigned depth = 0, menu_depth = 0, nr = 0;	/* of the menu that is looked through */
	char name[256];
	size_t len;

	if (!next_name(&wanted, name))
		return text;
	while (take_line(&at, &line, &len)) {
		bool is_menu = begins(line, len, "submenu");

		if (!len || *line == '#')
			continue;
		if (depth == menu_depth && (is_menu || begins(line, len, "menuentry")) &&
		    is_it(line, len, nr++, name)) {
			found = line;
			if (!next_name(&wanted, name) || !is_menu)
				return found;
			menu_depth = depth + 1;
			nr = 0;
		}
		if (line[len - 1] == '{' && depth < MAX_DEPTH)
			depth++;
		else if (*line == '}' && depth && depth-- == menu_depth && menu_depth)
			return found;	/* the menu had no such entry: its first one */
	}
	return found;
}
