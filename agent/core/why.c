/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of kernel/panic.c, and of arch/{x86,arm64}/mm/fault.c and traps.c. */
#include "why.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define PANIC "Kernel panic - not syncing"

static const char *const causes[] = {
	"BUG: ", "kernel BUG at ", "general protection fault", "Unable to handle kernel",
	"Internal error: ", "Oops: ", "divide error: ", "invalid opcode: ", "stack segment: ",
	"double fault: ", "sysrq: Trigger a crash",
};

/* From a word on, to the end of the line; nothing that a terminal would obey. */
static void keep(char to[WHY_MAX], const char *at, const char *end)
{
	size_t n = 0;

	for (; at < end && n < WHY_MAX - 1; at++)
		to[n++] = printable(*at);
	to[n] = '\0';
}

static void look_at(struct why *w, const char *line, const char *end)
{
	const char *at = memmem(line, end - line, PANIC, strlen(PANIC));

	if (at && !w->panic[0])
		keep(w->panic, at, end);
	/* "Oops:" behind a BUG: says the same with less. */
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]) && !w->panic[0]; i++) {
		at = memmem(line, end - line, causes[i], strlen(causes[i]));
		if (!at)
			continue;
		if (strncmp(causes[i], "Oops", 4) || !w->cause[0])
			keep(w->cause, at, end);
		return;
	}
}

void why_feed(struct why *w, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *line_end = memchr(text, '\n', end - text);

		if (!line_end)
			line_end = end;
		look_at(w, text, line_end);
		text = line_end + (line_end < end);
	}
}

const char *why_line(const struct why *w)
{
	return w->cause[0] && (!w->panic[0] || strstr(w->panic, "Fatal exception"))
	       ? w->cause : w->panic;
}
