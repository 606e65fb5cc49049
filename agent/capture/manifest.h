/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program reads about a capture: manifest.json. */
#ifndef CAPTURE_MANIFEST_H
#define CAPTURE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;
struct err;
struct sink;

/* Version of the manifest's layout: grows when a key changes its meaning or goes. */
#define MANIFEST_SCHEMA 1

/* Writes the manifest into the sink, or anew in the place of the one before. */
bool manifest_save(struct capture *c, struct err *e);

/*
 * Keeps room for it, as it says what is wrong when the dump fills the disk: its own part
 * file, taken away when the real one is written.
 */
void manifest_hold_space(struct sink *sink);

/* Memory of this machine, in bytes: taken, and to be had. 0 when it cannot be told. */
uint64_t system_memory_used(void);
uint64_t system_memory_available(void);

#endif
