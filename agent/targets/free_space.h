/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many bytes can still be written to a file system that is mounted. */
#ifndef TARGETS_FREE_SPACE_H
#define TARGETS_FREE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Of what fd lies on; with as_root also what is reserved for root. */
bool free_space(int fd, bool as_root, uint64_t *len, struct err *e);

#endif
