/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One target, looked at as closely as a machine that is up allows. */
#ifndef READY_TARGET_LOOK_H
#define READY_TARGET_LOOK_H

#include <stdint.h>

struct config;

/* What a dump seldom exceeds, in bytes. */
uint64_t target_dump_len(const struct config *config, unsigned ram_gib);

/* For guard_run(): of the look at `ctx` the target `nr`, into seen->found. */
void target_look(void *ctx);

#endif
