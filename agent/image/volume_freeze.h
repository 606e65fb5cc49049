/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a target's volume stands on, as this machine has put it together: the text that
 * volumes/volumes.h reads, the modules that it takes, and apart from it the keys.
 */
#ifndef IMAGE_VOLUME_FREEZE_H
#define IMAGE_VOLUME_FREEZE_H

#include <stdbool.h>
#include <stddef.h>

#include "volumes/volumes.h"

struct config;
struct err;

#define FROZEN_NAME 64

struct volume_freeze {
	const char *root;	/* of /sys and /dev, "" */
	char text[VOLUMES_TEXT];
	size_t len;
	struct {
		char sys[FROZEN_NAME];	/* "dm-3" */
		char id[NODE_NAME];	/* "v3" */
	} nodes[MAX_NODES];
	unsigned n, n_tables;
	char modules[200];	/* names with blanks between them */
	char ciphers[400];	/* of encrypted ones, likewise */
	bool with_keys;
	char keys[4096];	/* "v3 HEX\n", where they are asked for; wipe it */
	size_t keys_len;
};

/*
 * Adds a target that lies on `device`, "/dev/dm-3", and what that stands on. ENOTSUP for what
 * a capture kernel would not put together again, with its name.
 */
bool volume_freeze_target(struct volume_freeze *f, const char *words, const char *device,
			  struct err *e);

/* The same for each target that lies on one, of those that are here. */
bool volume_freeze_config(struct volume_freeze *f, const struct config *c, struct err *e);

#endif
