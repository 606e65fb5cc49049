/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the dump, in one line: for the console, and for the log server of `report`. */
#ifndef SUPERVISE_LAST_LINE_H
#define SUPERVISE_LAST_LINE_H

#include <stddef.h>

struct session;

/*
 * host=, sig= and seen= where they are known, dump= kept (all of it, and read back), sampled,
 * doubtful, part, withheld or none, and in= or log=: the folder that has it, or the one that
 * has at least the log. At most size - 1 bytes.
 */
void last_line(const struct session *s, char *line, size_t size);

#endif
