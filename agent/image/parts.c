/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an image. A list that is searched from its front: a few hundred names. */
#include "parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "pack.h"

#define FILE_MAX (48u << 20)	/* of one file, unpacked */
#define ARENA_ALIGN 64

/* Where in the list that name is; p->n: nowhere. */
static unsigned place_of(const struct parts *p, const char *name)
{
	unsigned i = 0;

	while (i < p->n && strcmp(p->part[i].file.name, name))
		i++;
	return i;
}

struct blob *parts_data(struct parts *p, const char *name)
{
	unsigned i = place_of(p, name);

	return i < p->n ? &p->part[i].file.data : NULL;
}

bool parts_have(const struct parts *p, const char *name)
{
	return place_of(p, name) < p->n;
}

/* A name that stays when the caller's is gone. */
static const char *keep(struct parts *p, const char *name, struct err *e)
{
	size_t len = strlen(name) + 1;
	char *to = NULL;

	if (len > MODULE_PATH)
		fail(e, ENAMETOOLONG, "%s: too long a name", name);
	else
		to = arena_take(p->arena, len, 1, name, e);
	return to ? memcpy(to, name, len) : NULL;
}

static bool add(struct parts *p, const struct image_part *part, struct err *e)
{
	struct image_part *to = &p->part[p->n];

	if (parts_have(p, part->file.name))
		return true;
	if (p->n == MAX_PARTS)
		return fail(e, E2BIG, "more than %u files", MAX_PARTS);
	*to = *part;
	to->file.name = keep(p, part->file.name, e);
	if (!to->file.name)
		return false;
	p->n++;
	return true;
}

bool parts_add(struct parts *p, const struct cpio_file *file, struct err *e)
{
	const struct image_part part = { *file, "" };

	return add(p, &part, e);
}

bool parts_dir(struct parts *p, const char *name, struct err *e)
{
	const struct cpio_file folder = { .name = name, .mode = S_IFDIR | 0755 };

	return parts_add(p, &folder, e);
}

bool parts_folders_of(struct parts *p, const char *name, struct err *e)
{
	char folder[MODULE_PATH];

	for (const char *at = name; (at = strchr(at, '/')); at++) {
		if (snprintf(folder, sizeof(folder), "%.*s", (int)(at - name), name) >=
		    (int)sizeof(folder))
			return fail(e, ENAMETOOLONG, "%s: too long a name", name);
		if (!parts_dir(p, folder, e))
			return false;
	}
	return true;
}

/* All of a file as it is unpacked; nothing else stays in the arena. */
static bool load(const char *source, struct blob *data, struct arena *a, struct err *e)
{
	size_t mark = arena_mark(a);
	struct unpacking u = { .path = source, .to.len = FILE_MAX, .scratch = a };

	u.to.at = arena_take(a, FILE_MAX, 1, source, e);
	if (!u.to.at || !file_load(a, source, &u.from, e) || !unpack(&u, e))
		return false;
	arena_release(a, mark + round_up(u.to.len, ARENA_ALIGN));
	*data = u.to;
	return true;
}

bool parts_file(struct parts *p, const struct cpio_file *file, const char *source,
		struct err *e)
{
	struct image_part part = { .file = *file };

	if (parts_have(p, file->name))
		return true;
	part.source = keep(p, source, e);
	return part.source && load(source, &part.file.data, p->arena, e) && add(p, &part, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct image_part *)a)->file.name,
		      ((const struct image_part *)b)->file.name);
}

bool parts_write(struct parts *p, struct cpio *c, struct err *e)
{
	qsort(p->part, p->n, sizeof(p->part[0]), by_name);
	for (unsigned i = 0; i < p->n; i++)
		if (!cpio_add(c, &p->part[i].file, e))
			return false;
	return cpio_end(c, e);
}
