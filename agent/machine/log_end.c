/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces, from the end of the text on. */
#include "log_end.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

struct log_end_piece log_end_next(const struct log_end *log, const struct log_end_kept *kept,
				  char *to, size_t room)
{
	int head = snprintf(to, room, LOG_END_HEAD, kept->n + 1);
	size_t left = log->len - kept->len, n = min_u64(room - head, left);

	memcpy(to + head, log->text + left - n, n);
	return (struct log_end_piece){ head + n, n };
}

void log_end_took(const struct log_end *log, struct log_end_kept *kept, size_t log_len)
{
	kept->len += log_len;
	kept->n++;
	__atomic_fetch_add(log->alive, 1, __ATOMIC_RELAXED);
}
