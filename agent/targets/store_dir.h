/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store on a mounted file system. */
#ifndef TARGETS_STORE_DIR_H
#define TARGETS_STORE_DIR_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct store;

/* A folder below the root of a file system (see base/below.h), or (NULL) any. */
bool store_dir_open(struct store *s, const char *root, const char *path, struct err *e);

/* Folders of this user count, too: what we make there belongs to it. */
void store_dir_trust(struct store *s, uint32_t uid);

#endif
