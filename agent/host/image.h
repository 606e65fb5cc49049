/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The initramfs of the capture kernel: /init, /etc/crashbox.conf, /modules/order and the
 * modules beside it, two device nodes and empty folders; no shell, and no program besides
 * the agent but an SSH client, if a target needs it. Either all of it, or in two parts:
 * a generic one without a configuration, and a configuration to be appended to that.
 */
#ifndef HOST_IMAGE_H
#define HOST_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/config.h"
#include "drivers.h"
#include "file.h"
#include "kmod.h"

struct arena;
struct err;

#define IMAGE_WORK_LEN (256u << 20)	/* of the arena; what is not touched costs nothing */

struct image_request {
	const char *root;	/* of /sys and /dev, "" */
	const char *agent;
	const char *config;
	const char *ssh;	/* the client; NULL: the one beside the agent, or installed */
	const char *modules;	/* folder of the capture kernel's; NULL: drivers are built in */
	const char *drivers;	/* names with blanks between them; NULL: they are looked up */
	const char *interfaces[MAX_NETS];
	unsigned n_interfaces;
	bool freeze;		/* this machine's addresses and routes go in, as net lines */
	bool generic;		/* no configuration */
	bool config_only;	/* nothing else */
};

struct image_part {
	enum image_kind { PART_DIR, PART_FILE, PART_NODE } kind;
	char name[MODULE_PATH];
	unsigned mode, major, minor;
	char source[MODULE_PATH];	/* "" : what lies in data */
	struct blob data;
	size_t len;		/* as it is in the archive */
};

#define MAX_PARTS (MAX_MODULES + 48)

struct image {
	struct config config;
	struct blob config_text;	/* as it goes in */
	struct drivers drivers;		/* asked for, or found */
	struct kmods kmods;
	struct image_part parts[MAX_PARTS];	/* in the order of their names */
	unsigned n_parts;
	size_t modules_len;
	struct blob archive;
};

/* Everything but packing. The image is taken from the arena, as is what it points to. */
struct image *image_make(const struct image_request *r, struct arena *a, struct err *e);

/* Does the file at `path` hold just that, packed by that codec? */
bool image_is_at(const struct image *im, const char *path, const char *codec,
		 struct arena *scratch);

/* Is the configuration in an image the operator's file, with no more than is added to it? */
bool image_config_is_of(const struct blob *text, const struct blob *own);

#endif
