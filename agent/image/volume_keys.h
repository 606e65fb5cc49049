/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image with the keys of encrypted volumes behind it. It is in memory alone, locked there
 * so that it does not go to swap, from the making to the wiping.
 */
#ifndef IMAGE_VOLUME_KEYS_H
#define IMAGE_VOLUME_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#define KEYS_PATH 32
#define KEYS_SHA256 65

struct config;
struct err;

struct keyed_image {
	int fd;			/* to be read; -1: no target is encrypted */
	char path[KEYS_PATH];	/* which leads there, for this process and its children */
	char sum[KEYS_SHA256];	/* SHA-256 of the keys, "" for none */
};

/*
 * Of the file `image`, for the volumes of the targets of `c` as they are now. ENOTSUP: a key
 * is one that cannot be read. What it has made keyed_image_wipe() takes away.
 */
bool keyed_image_make(struct keyed_image *k, const struct config *c, const char *image,
		      struct err *e);

void keyed_image_wipe(struct keyed_image *k);

struct volume_freeze;

/* The sum of keys that were frozen, "" for none. */
void volume_keys_sum(const struct volume_freeze *f, char sum[KEYS_SHA256]);

#endif
