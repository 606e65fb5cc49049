/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all kinds that are file systems do alike, once it is known where theirs is mounted. */
#ifndef TARGETS_MOUNTED_H
#define TARGETS_MOUNTED_H

#include <stdbool.h>

struct crash_folder;
struct err;
struct store;
struct target;
struct target_probe;

/* A place to mount on goes to t->root. */
bool mounted_place(struct target *t, struct err *e);

/* Free space, and whether a file can be made and removed at its root. */
bool mounted_try(struct target *t, struct target_probe *p, struct err *e);

/* For their rows in target_kinds.h. */
bool mounted_sink(struct target *t, const struct crash_folder *f, struct err *e);
bool mounted_store(const struct target *t, struct store *store, struct err *e);
bool mounted_unmake(const struct target *t, const char *path);
bool mounted_leave(struct target *t, struct err *e);

#endif
