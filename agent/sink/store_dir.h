/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store on a mounted file system. */
#ifndef SINK_STORE_DIR_H
#define SINK_STORE_DIR_H

#include <stdbool.h>

struct err;
struct store;

bool store_dir_open(struct store *s, const char *path, struct err *e);

#endif
