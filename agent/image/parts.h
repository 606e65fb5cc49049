/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an image: a list that is made first, and then written by its names. */
#ifndef IMAGE_PARTS_H
#define IMAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "host/whole_file.h"
#include "kmod.h"

struct arena;
struct cpio;
struct err;

#define MAX_PARTS (MAX_MODULES + 256)

struct image_part {
	enum image_kind { PART_DIR, PART_FILE, PART_NODE } kind;
	char name[MODULE_PATH];
	unsigned mode, major, minor;
	char source[MODULE_PATH];	/* the file that it comes from, "" for a text */
	struct blob data;	/* of a file, unpacked */
};

struct parts {
	struct image_part part[MAX_PARTS];	/* each name once */
	unsigned n;
};

bool parts_have(const struct parts *p, const char *name);

/* Each leaves a name alone that is there. */
bool parts_dir(struct parts *p, const char *name, struct err *e);
bool parts_node(struct parts *p, const char *name, unsigned mode, unsigned major,
		unsigned minor, struct err *e);
bool parts_text(struct parts *p, const char *name, unsigned mode, const struct blob *text,
		struct err *e);

/* All folders that `name` lies in. */
bool parts_folders_of(struct parts *p, const char *name, struct err *e);

/* A file of this machine, unpacked into the arena if it is packed. */
bool parts_file(struct parts *p, const char *name, unsigned mode, const char *source,
		struct arena *a, struct err *e);

/* Sorts them, so that a folder comes before what it holds, and ends the archive. */
bool parts_write(struct parts *p, struct cpio *c, struct err *e);

#endif
