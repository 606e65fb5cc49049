/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The value of crash_loop: text in, two numbers out, and back. */
#include "crashloop.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

bool crash_loop_parse(struct crash_loop *loop, const char *text, struct err *e)
{
	size_t n_len = strcspn(text, " \t/");
	const char *time = text + n_len + strspn(text + n_len, " \t");
	struct crash_loop got;
	char n[16];

	if (!strcmp(text, "off")) {
		*loop = (struct crash_loop){ 0 };
		return true;
	}
	if (n_len >= sizeof(n) || *time != '/' && strncmp(time, "in ", 3))
		return fail(e, EINVAL, "'%s' is neither off nor such as 3 in 15m", text);
	time += *time == '/' ? 1 : 3;
	time += strspn(time, " \t");
	snprintf(n, sizeof(n), "%.*s", (int)n_len, text);
	if (!number_parse(n, 1, CRASH_LOOP_MAX, &got.n, e) ||
	    !number_parse_seconds(time, 60, &got.window_s, e))
		return false;
	*loop = got;
	return true;
}

void crash_loop_format(const struct crash_loop *loop, char text[CRASH_LOOP_TEXT])
{
	char time[SECONDS_TEXT];

	number_format_seconds(loop->window_s, time);
	if (loop->n)
		snprintf(text, CRASH_LOOP_TEXT, "%u in %s", loop->n, time);
	else
		snprintf(text, CRASH_LOOP_TEXT, "off");
}
