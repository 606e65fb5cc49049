/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders that a virtual machine's host hands in, over a virtio device with a tag: what 9p and
 * virtiofs have in common.
 */
#ifndef TARGETS_SHARE_H
#define TARGETS_SHARE_H

#include <stdbool.h>

struct err;
struct target;
struct target_probe;

/* A file system that is mounted by a tag. */
struct share_kind {
	const char *type;	/* for mount(2) */
	const char *options;	/* likewise, or NULL */
	unsigned tag_max;	/* bytes of a tag */
	int absent;		/* what mount(2) says while no device has that tag */
};

/*
 * For rows in target_kinds.h, whose `share` says which; the words are "NAME:TAG[/path]", the
 * path "/" without one.
 */
bool share_check(const char *words, struct err *e);
bool share_reach(struct target *t, struct err *e);
bool share_probe(struct target *t, struct target_probe *p, struct err *e);

#endif
