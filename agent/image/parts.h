/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an image: a list that is made first, and then written by its names. */
#ifndef IMAGE_PARTS_H
#define IMAGE_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cpio.h"
#include "kmod.h"

struct arena;
struct err;

#define MAX_PARTS (MAX_MODULES + 256)

struct image_part {
	struct cpio_file file;
	const char *source;	/* the file that it comes from, "" for a text */
};

struct parts {
	struct image_part part[MAX_PARTS];	/* each name once */
	unsigned n;
	struct arena *arena;	/* for names, and for files of this machine */
};

bool parts_have(const struct parts *p, const char *name);

/* The bytes of a file that is there; NULL if none has that name. */
struct blob *parts_data(struct parts *p, const char *name);

/* Each leaves a name alone that is there. */
bool parts_dir(struct parts *p, const char *name, struct err *e);
bool parts_add(struct parts *p, const struct cpio_file *file, struct err *e);

/* All folders that `name` lies in. */
bool parts_folders_of(struct parts *p, const char *name, struct err *e);

/* What is in a file of this machine, unpacked if it is packed. */
bool parts_file(struct parts *p, const struct cpio_file *file, const char *source,
		struct err *e);

/* Sorts them, so that a folder comes before what it holds, and ends the archive. */
bool parts_write(struct parts *p, struct cpio *c, struct err *e);

#endif
