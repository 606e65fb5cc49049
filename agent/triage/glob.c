/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns with '*': what stands between two of them is looked for from left to right. */
#include "glob.h"

#include <string.h>

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), len = strlen(end);

	return text_len >= len && !strcmp(text + text_len - len, end);
}

/* Where word, len letters of it, stands first. */
static const char *find(const char *text, const char *word, size_t len)
{
	if (!len)
		return text;
	for (; (text = strchr(text, *word)); text++)
		if (!strncmp(text, word, len))
			return text;
	return NULL;
}

/*
 * Each line of a log is held against a hundred patterns: nearly all of them differ in the
 * first letters, and are let go there.
 */
bool glob_match(const char *pattern, const char *text)
{
	const char *word, *star;

	for (; *pattern != '*'; pattern++, text++) {
		if (*pattern != *text)
			return false;
		if (!*pattern)
			return true;
	}
	for (word = pattern + 1; (star = strchr(word, '*')); word = star + 1) {
		text = find(text, word, star - word);
		if (!text)
			return false;
		text += star - word;
	}
	return ends_with(text, word);
}

bool glob_any(const char *const *patterns, const char *text)
{
	for (; *patterns; patterns++)
		if (glob_match(*patterns, text))
			return true;
	return false;
}
