/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths below a folder. Folders of a file system as they are where it is all there is: a
 * link, and "..", lead to what lies below its root, as they will in the capture kernel,
 * and no step leads to another file system, which will not be there.
 */
#ifndef BASE_BELOW_H
#define BASE_BELOW_H

#include <stdbool.h>

struct err;

/* The root to hand over; NULL: none, paths mean what they mean to anybody. -1: e says why. */
int below_root(const char *root, struct err *e);

/* Opens a folder, O_RDONLY. -1: e says why. */
int below_open(int root_fd, const char *path, struct err *e);

/*
 * As mkdir -p does, each of mode 0700, and durable: a new name is only safe once its parent
 * is on the disk too. *n_made is counted up.
 */
bool below_make(int root_fd, const char *path, unsigned *n_made, struct err *e);

/* Could it be opened, or made, and files in it? *there_ret says which of the two. */
bool below_look(int root_fd, const char *path, bool *there_ret, struct err *e);

/* Removes it if it is empty. */
bool below_remove(int root_fd, const char *path);

#endif
