/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and times as an operator writes them, in a file or on a command line. */
#ifndef BASE_NUMBERS_H
#define BASE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* A number in decimal; *out stays what it was if it is none, or not within min..max. */
bool number_parse(const char *text, unsigned min, unsigned max, unsigned *out,
		  struct err *e);

/* "90", "90s", "15m" or "2h", at least min seconds and at most a week. */
bool number_parse_seconds(const char *text, unsigned min, unsigned *out, struct err *e);

/* How long ago: "30d", "12h", "90m", "30s"; without a unit it is none. */
bool number_parse_age(const char *text, int64_t *seconds, struct err *e);

#define SECONDS_TEXT 16

/* The same the other way round, in the largest unit that fits: "15m". */
void number_format_seconds(unsigned s, char text[SECONDS_TEXT]);

/* 2 * len digits and a NUL. */
void format_hex(char *to, const uint8_t *from, size_t len);

/* "2026-11-21T07:08:25Z", of seconds since 1970; "" for a time that cannot be. */
void format_utc(int64_t seconds, char *text, size_t size);

#endif
