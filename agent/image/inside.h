/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in an image, as the kernel will unpack it: the file may be several archives, one
 * behind the other and each packed in its own way, and of a name that comes twice the last
 * one counts.
 */
#ifndef IMAGE_INSIDE_H
#define IMAGE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/whole_file.h"
#include "kexec/plan.h"

struct arena;
struct err;

struct inside {
	struct blob archive;	/* all of them, unpacked */
	char codecs[32];	/* how they are packed, each way once: "zstd none" */
};

struct inside_file {
	unsigned mode;
	struct blob data;
};

/* EINVAL: it is no image of ours. What it holds lies in the arena. */
bool inside_open(struct inside *in, const char *path, struct arena *a, struct err *e);

/* By its name without a slash in front; file may be NULL. */
bool inside_find(const struct inside *in, const char *name, struct inside_file *file);

/* The next file in a folder, "modules/", moving *at from 0; false behind the last. */
bool inside_next(const struct inside *in, const char *folder, size_t *at,
		 struct inside_file *file);

/* The kernel that its modules were built for, "" if none of them tells. */
void inside_release(const struct inside *in, char release[RELEASE_MAX]);

#endif
