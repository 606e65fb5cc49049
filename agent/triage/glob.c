/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns with '*': what stands between two of them is looked for from left to right. */
#include "glob.h"

#include <string.h>

static bool ends_with(const char *text, const char *end)
{
	size_t text_len = strlen(text), len = strlen(end);

	return text_len >= len && !strcmp(text + text_len - len, end);
}

bool glob_match(const char *pattern, const char *text)
{
	const char *star = strchr(pattern, '*');

	if (!star)
		return !strcmp(pattern, text);
	if (strncmp(pattern, text, star - pattern))
		return false;
	text += star - pattern;
	for (;;) {
		const char *word = star + 1;

		star = strchr(word, '*');
		if (!star)
			return ends_with(text, word);
		text = memmem(text, strlen(text), word, star - word);
		if (!text)
			return false;
		text += star - word;
	}
}

bool glob_any(const char *const *patterns, const char *text)
{
	for (; *patterns; patterns++)
		if (glob_match(*patterns, text))
			return true;
	return false;
}
