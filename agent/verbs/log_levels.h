/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levels and facilities of log records by the names that dmesg(1) has for them: choosing
 * records, and showing which is which.
 */
#ifndef VERBS_LOG_LEVELS_H
#define VERBS_LOG_LEVELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* Which records are wanted: bit n for level or facility n, 0: all of them. */
struct log_choice {
	uint32_t levels, facilities;
	bool decode;		/* show both in front of each line */
	bool callers;		/* and behind the time, who said it */
};

/*
 * "err,warn"; "err+" is err and all that is graver, "+err" err and all that is less so.
 * Adds to what was chosen before.
 */
bool levels_parse(const char *list, uint32_t *levels, struct err *e);
bool facilities_parse(const char *list, uint32_t *facilities, struct err *e);

/* Is a record wanted whose syslog priority (facility * 8 + level) is that? -1: unknown. */
bool log_wanted(const struct log_choice *choice, int priority);

/* "kern  :warn  : ", as dmesg -x has it; "" for an unknown priority. */
const char *log_decoded(int priority, char *text, size_t size);

#endif
