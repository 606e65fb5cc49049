/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was loaded: the kernel only says that something is. `load` writes it down, so that
 * `status` can tell whether the files on disk have changed since.
 */
#ifndef KEXEC_LOADED_H
#define KEXEC_LOADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmdline.h"
#include "host/root.h"

#define LOADED_DIR "/run/crashbox"
#define LOADED_FILE LOADED_DIR "/loaded"
#define LOADED_IMAGE STATE_DIR "/loaded.img"
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
	char keys_sha256[HEX_SHA256];	/* of the keys that went with the image, "" for none */
	int64_t when;
};

/* Size, time and sum of the file at `path`, which goes into the fact. */
bool file_fact(struct file_fact *f, const char *path, struct err *e);

/* A text of `size` bytes is enough for any of them. */
#define LOADED_TEXT (2 * HOST_PATH_MAX + CMDLINE_MAX + 512)

bool loaded_write(const struct loaded *l, const char *root, struct err *e);

/* ENOENT: nobody has written it down. */
bool loaded_read(struct loaded *l, const char *root, struct err *e);

/* Forgets that, and what loaded_keep() has kept. */
void loaded_forget(const char *root);

/*
 * The image stays readable when another takes its place: by a second name, LOADED_IMAGE,
 * where that is possible.
 */
void loaded_keep(const char *root, const char *image);

/* Where the image that is loaded can still be read: its file, or what was kept. */
bool loaded_image(const struct loaded *l, const char *root, char path[HOST_PATH_MAX]);

/* Is the file still what it was then? */
bool file_is_still(const struct file_fact *then, const char *path);

#endif
