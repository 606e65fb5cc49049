/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The initramfs of the capture kernel: /init, /etc/crashbox.conf, /modules/order and the
 * modules beside it, two device nodes and empty folders; no shell, and no program besides
 * the agent but an SSH client, if a target needs it. Either all of it, or in two parts:
 * a generic one without a configuration, and a configuration to be appended to that.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "equip.h"
#include "host/whole_file.h"
#include "parts.h"

struct arena;
struct err;

#define IMAGE_WORK_LEN (384u << 20)	/* of the arena; what is not touched costs nothing */

struct image {
	const struct image_request *request;	/* what it was made by */
	struct arena *arena;			/* in which it lies */
	struct config config;
	struct blob config_text;	/* as it goes in */
	struct equipment equipment;
	struct parts parts;	/* in the order of their names */
	size_t modules_len;
	struct blob archive;
};

/* Everything but packing. The image is taken from the arena, as is what it points to. */
struct image *image_make(const struct image_request *r, struct arena *a, struct err *e);

/* Does the file at `path` hold just that, packed by that codec? */
bool image_is_at(const struct image *im, const char *path, const char *codec);

/* Is the configuration in an image the operator's file, with no more than is added to it? */
bool image_config_is_of(const struct blob *text, const struct blob *own);

#endif
