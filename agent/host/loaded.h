/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was loaded: the kernel only says that something is. `load` writes it down, so that
 * `status` can tell whether the files on disk have changed since.
 */
#ifndef HOST_LOADED_H
#define HOST_LOADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmdline.h"
#include "root.h"

#define LOADED_DIR "/run/crashbox"
#define LOADED_FILE LOADED_DIR "/loaded"
#define HEX_SHA256 65

/* A file as it was at one time. */
struct file_fact {
	char path[HOST_PATH_MAX];
	uint64_t size;
	char sha256[HEX_SHA256];
};

struct loaded {
	struct file_fact kernel, initrd;
	char cmdline[CMDLINE_MAX];
	char how[16];		/* "syscall", "kexec-tools" */
	int64_t when;
};

/* Size, time and sum of the file at `path`, which goes into the fact. */
bool file_fact(struct file_fact *f, const char *path, struct err *e);

/* A text of `size` bytes is enough for any of them. */
#define LOADED_TEXT (2 * HOST_PATH_MAX + CMDLINE_MAX + 512)

bool loaded_write(const struct loaded *l, const char *root, struct err *e);

/* ENOENT: nobody has written it down. */
bool loaded_read(struct loaded *l, const char *root, struct err *e);

void loaded_forget(const char *root);

#endif
