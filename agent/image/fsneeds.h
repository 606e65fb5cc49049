/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the superblock of a file system asks of the kernel that mounts it read-write: modules
 * that the file system's own only requests while it mounts, and options of the kernel.
 */
#ifndef IMAGE_FSNEEDS_H
#define IMAGE_FSNEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/superblock.h"

struct builtin;

#define MAX_FS_NEEDS 4

struct fs_need {
	const char *fs, *name;
	const char *module;	/* that does it, NULL: a part of the file system's */
	const char *symbol;	/* the option, "QFMT_V2" */
	bool is_old;		/* a kernel that does not name the option has it anyway */
	const char *never;	/* not NULL: no capture kernel mounts it, and why */
	struct fs_test {
		unsigned off, len;	/* little-endian but for XFS */
		uint64_t mask, value;
		bool is_not;		/* anything but that value */
	} test[2];
};

/* Those of a superblock go to needs[]; how many. */
unsigned fsneeds_look(const uint8_t sb[SUPERBLOCK_LEN], const char *fs,
		      const struct fs_need *needs[MAX_FS_NEEDS]);

/* The n-th that a file system may have, whatever is on the disk; NULL behind the last. */
const struct fs_need *fsneeds_of(const char *fs, unsigned n);

/* Does that kernel do it without a module? */
enum need_answer { NEED_MET, NEED_NOT_MET, NEED_UNKNOWN };
enum need_answer fsneeds_built_in(const struct fs_need *need, const struct builtin *b);

#endif
