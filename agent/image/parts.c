/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list that is searched from its front: a few hundred names. */
#include "parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "cpio.h"
#include "pack.h"

#define FILE_MAX (48u << 20)	/* of one file, unpacked */
#define ARENA_ALIGN 64

static bool add(struct parts *p, const struct image_part *part, const char *name,
		struct err *e)
{
	struct image_part *to = &p->part[p->n];

	if (parts_have(p, name))
		return true;
	if (strlen(name) >= sizeof(to->name))
		return fail(e, ENAMETOOLONG, "%s: too long a name", name);
	if (p->n == MAX_PARTS)
		return fail(e, E2BIG, "more than %u files", MAX_PARTS);
	*to = *part;
	snprintf(to->name, sizeof(to->name), "%s", name);
	p->n++;
	return true;
}

bool parts_have(const struct parts *p, const char *name)
{
	for (unsigned i = 0; i < p->n; i++)
		if (!strcmp(p->part[i].name, name))
			return true;
	return false;
}

bool parts_dir(struct parts *p, const char *name, struct err *e)
{
	const struct image_part part = { .kind = PART_DIR, .mode = 0755 };

	return add(p, &part, name, e);
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

bool parts_node(struct parts *p, const char *name, unsigned mode, unsigned major,
		unsigned minor, struct err *e)
{
	const struct image_part part = { .kind = PART_NODE, .mode = mode, .major = major,
					 .minor = minor };

	return add(p, &part, name, e);
}

/* All of a file as it is unpacked; nothing else stays in the arena. */
static bool load(const char *source, struct blob *data, struct arena *a, struct err *e)
{
	size_t mark = arena_mark(a);
	struct blob packed;

	data->at = arena_take(a, FILE_MAX, 1, source, e);
	if (!data->at || !file_load(a, source, &packed, e) ||
	    !unpack(source, &packed, data->at, FILE_MAX, &data->len, a, e))
		return false;
	arena_release(a, mark + round_up(data->len, ARENA_ALIGN));
	return true;
}

bool parts_file(struct parts *p, const char *name, unsigned mode, const char *source,
		struct arena *a, struct err *e)
{
	struct image_part part = { .kind = PART_FILE, .mode = mode };

	if (parts_have(p, name))
		return true;
	if (snprintf(part.source, sizeof(part.source), "%s", source) >=
	    (int)sizeof(part.source))
		return fail(e, ENAMETOOLONG, "%s: too long a name", source);
	return load(source, &part.data, a, e) && add(p, &part, name, e);
}

bool parts_text(struct parts *p, const char *name, unsigned mode, const struct blob *text,
		struct err *e)
{
	const struct image_part part = { .kind = PART_FILE, .mode = mode, .data = *text };

	return add(p, &part, name, e);
}

static bool write_part(struct cpio *c, const struct image_part *p, struct err *e)
{
	switch (p->kind) {
	case PART_DIR:
		return cpio_dir(c, p->name, p->mode, e);
	case PART_NODE:
		return cpio_node(c, p->name, p->mode, p->major, p->minor, e);
	case PART_FILE:
		break;
	}
	return cpio_file(c, p->name, p->mode, p->data.at, p->data.len, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct image_part *)a)->name,
		      ((const struct image_part *)b)->name);
}

bool parts_write(struct parts *p, struct cpio *c, struct err *e)
{
	qsort(p->part, p->n, sizeof(p->part[0]), by_name);
	for (unsigned i = 0; i < p->n; i++)
		if (!write_part(c, &p->part[i], e))
			return false;
	return cpio_end(c, e);
}
