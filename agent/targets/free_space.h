/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many bytes and files a file system that is mounted still takes. */
#ifndef TARGETS_FREE_SPACE_H
#define TARGETS_FREE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Of what fd lies on; with as_root also what is reserved for root. */
bool free_space(int fd, bool as_root, uint64_t *len, struct err *e);

/* Files that can still be made there; FILES_UNKNOWN, where nothing counts them. */
#define FILES_UNKNOWN UINT64_MAX
uint64_t free_files(int fd);

#endif
