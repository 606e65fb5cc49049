/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a kernel's log, taken apart; and the words of it. */
#ifndef KERNEL_LOG_LINE_H
#define KERNEL_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_MESSAGE_MAX 256

#define LOG_CALLER_MAX 12

struct log_line {
	double seconds;			/* since that kernel began; < 0: the line has no time */
	char caller[LOG_CALLER_MAX];	/* "T123" a thread, "C0" a CPU; "": not told */
	char message[LOG_MESSAGE_MAX];	/* printable, without the blanks in front, cut */
};

/*
 * The next line of *at, which has *len bytes; both move behind it. False at the end. Takes
 * "[   12.345678] " and "[  T123] " off, as dmesg and the kernel's console write them.
 */
bool log_line_next(const char **at, size_t *len, struct log_line *line);

/* "[   12.345678]" at the start of [at, end): its end; NULL: there is none. */
const char *log_line_past_time(const char *at, const char *end, double *seconds);

/* The number behind `word` in text, hexadecimal with or without 0x; false: none. */
bool log_hex_after(const char *text, const char *word, uint64_t *ret);

/* The decimal number behind `word`, up to INT32_MAX. */
bool log_number_after(const char *text, const char *word, int *ret);

#endif
