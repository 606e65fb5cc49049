/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levels and facilities of the log. The names are those of syslog(3), the numbers the
 * kernel's; the most grave is 0.
 */
#include "log_levels.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static const char *const levels[] = {
	"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug",
};

static const char *const facilities[] = {
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron",
	"authpriv", "ftp", "res0", "res1", "res2", "res3", "local0", "local1", "local2",
	"local3", "local4", "local5", "local6", "local7",
};

#define N_LEVELS (sizeof(levels) / sizeof(levels[0]))
#define N_FACILITIES (sizeof(facilities) / sizeof(facilities[0]))

static bool find(const char *const *names, size_t n, const char *word, size_t len,
		 size_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], word, len)) {
			*ret = i;
			return true;
		}
	return false;
}

bool levels_parse(const char *list, uint32_t *chosen, struct err *e)
{
	for (const char *at = list; ; at++) {
		size_t len = strcspn(at, ","), i;
		bool below = *at == '+', above = len && at[len - 1] == '+';

		if (!find(levels, N_LEVELS, at + below, len - below - above, &i) ||
		    (below && above))
			return fail(e, EINVAL, "'%.*s' is none of emerg, alert, crit, err, "
				    "warn, notice, info, debug", (int)len, at);
		*chosen |= above ? (2u << i) - 1 : below ? 0xffu << i & 0xff : 1u << i;
		at += len;
		if (!*at)
			return true;
	}
}

bool facilities_parse(const char *list, uint32_t *chosen, struct err *e)
{
	for (const char *at = list; ; at++) {
		size_t len = strcspn(at, ","), i;

		if (!find(facilities, N_FACILITIES, at, len, &i))
			return fail(e, EINVAL, "'%.*s' is none of kern, user, daemon, syslog, "
				    "local0 and the others of syslog", (int)len, at);
		*chosen |= 1u << i;
		at += len;
		if (!*at)
			return true;
	}
}

bool log_wanted(const struct log_choice *choice, int priority)
{
	if (priority < 0)
		return !choice->levels && !choice->facilities;
	return (!choice->levels || choice->levels >> priority % 8 & 1) &&
	       (!choice->facilities || (priority / 8 < 32 &&
					choice->facilities >> priority / 8 & 1));
}

const char *log_decoded(int priority, char *text, size_t size)
{
	size_t facility = priority / 8;

	*text = '\0';
	if (priority >= 0)
		snprintf(text, size, "%-6s:%-6s: ",
			 facility < N_FACILITIES ? facilities[facility] : "?",
			 levels[priority % 8]);
	return text;
}
