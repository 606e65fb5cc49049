/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a crashed kernel's log, which no target took, and what became of it in the one
 * or other memory that the next boot still has: pieces, each with pstore's own first line
 * (fs/pstore/platform.c), the last piece first.
 */
#ifndef MACHINE_LOG_END_H
#define MACHINE_LOG_END_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_END_MAX (16u << 10)
#define LOG_END_HEAD "Panic#1 Part%u\n"	/* of a piece, counted from 1 */
#define LOG_END_HEAD_MAX 24

struct log_end {
	const char *text;
	size_t len;
	int64_t when;		/* of the crash, in seconds since 1970 */
	double until;		/* the monotonic second at which writing ends */
	uint64_t *alive;	/* counted up by each piece */
};

struct log_end_kept {
	size_t len;		/* bytes of the log, from its end on */
	unsigned n;		/* pieces */
	bool refused;		/* and then no more of them */
};

/* Bytes of a piece, and those of the log in it. */
struct log_end_piece {
	size_t len, log_len;
};

/*
 * The next piece, with its head, as far as there is room, which is more than a head's. It
 * counts when log_end_took() has it.
 */
struct log_end_piece log_end_next(const struct log_end *log, const struct log_end_kept *kept,
				  char *to, size_t room);
void log_end_took(const struct log_end *log, struct log_end_kept *kept, size_t log_len);

#endif
