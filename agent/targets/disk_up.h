/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk that is a target, on a machine that is up: what kinds that lie on one do alike there.
 */
#ifndef TARGETS_DISK_UP_H
#define TARGETS_DISK_UP_H

#include <stdbool.h>

struct disk_search;
struct err;
struct store;
struct target;
struct target_probe;

/* Below it are the files of the machine that is looked at. */
const char *disk_up_root(const struct target *t);

/* Where it is mounted; else it is mounted for this look, where only this process sees it. */
bool disk_up_reach(struct target *t, const struct disk_search *s, struct err *e);

/* It is only looked at: to mount it leaves words in the kernel's log. */
bool disk_up_probe(struct target *t, struct target_probe *p, const struct disk_search *s,
		   struct err *e);

/* For their rows in target_kinds.h, in a crash, too. */
bool disk_up_store(const struct target *t, struct store *of, struct err *e);

#endif
