/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the files of the healthy machine are: below a folder that is "" but in tests, which
 * make up machines of all kinds.
 */
#ifndef HOST_ROOT_H
#define HOST_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define HOST_PATH_MAX 512
#define STATE_DIR "/var/lib/crashbox"	/* what outlives a boot */
#define BOOT_ID "/proc/sys/kernel/random/boot_id"	/* of this one */

/* `path`, which is absolute, below root. ENAMETOOLONG. */
bool root_path(char out[HOST_PATH_MAX], const char *root, const char *path, struct err *e);

/* What the operator has named, as it is, or `usual` below root where that is NULL. */
bool root_choose(char out[HOST_PATH_MAX], const char *root, const char *named,
		 const char *usual, struct err *e);

/* A small text file as read_text() reads it. */
bool root_read(const char *root, const char *path, char *buf, size_t size, struct err *e);

/* A file that holds a number; false when it is not there or holds something else. */
bool root_number(const char *root, const char *path, uint64_t *out);

bool root_exists(const char *root, const char *path);

/* Makes STATE_DIR where it is missing, for root alone. */
bool root_make_state(const char *root, struct err *e);

#endif
