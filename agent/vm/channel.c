/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the guest. A crash may cut one, and a command may write there, too. */
#include "channel.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/numbers.h"
#include "guest_words.h"

static const char *behind(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) ? NULL : line + len;
}

static void take_end(struct channel *c, const char *number, bool is_signal)
{
	struct err ignored;
	unsigned n;

	if (c->has_ended || !number_parse(number, is_signal, 255, &n, &ignored))
		return;
	c->has_ended = true;
	c->status = is_signal ? -(int)n : (int)n;
}

static void copy(char to[CHANNEL_TEXT], const char *text)
{
	size_t i = 0;

	for (; text[i] && i < CHANNEL_TEXT - 1; i++)
		to[i] = printable(text[i]);
	to[i] = '\0';
}

static void take_line(struct channel *c)
{
	const char *rest;

	if (!strcmp(c->line, SAYS_UP))
		c->is_up = true;
	else if (!strcmp(c->line, SAYS_ARMED))
		c->is_armed = true;
	else if (!strcmp(c->line, SAYS_RUNS))
		c->runs = true;
	else if ((rest = behind(c->line, SAYS_UNARMED)))
		copy(c->unarmed, rest);
	else if ((rest = behind(c->line, SAYS_FAILED)))
		copy(c->failed, rest);
	else if ((rest = behind(c->line, SAYS_EXIT)))
		take_end(c, rest, false);
	else if ((rest = behind(c->line, SAYS_SIGNAL)))
		take_end(c, rest, true);
}

void channel_take(struct channel *c, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			if (c->len < CHANNEL_TEXT) {
				c->line[c->len] = '\0';
				take_line(c);
			}
			c->len = 0;
		} else if (bytes[i] != '\r' && c->len < CHANNEL_TEXT) {
			if (c->len < CHANNEL_TEXT - 1)
				c->line[c->len] = bytes[i];
			c->len++;
		}
	}
}
